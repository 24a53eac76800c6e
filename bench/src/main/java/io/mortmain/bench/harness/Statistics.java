package io.mortmain.bench.harness;

import java.util.ArrayList;
import java.util.List;

/** What is told of many values of the same thing. */
record Statistics(double median, double least, double most, double percentile99) {
    static Statistics of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        int rank = (int) Math.ceil(sorted.length * 0.99);
        return new Statistics(median, sorted[0], sorted[sorted.length - 1], sorted[rank - 1]);
    }

    /** Of the quotients of what was measured in the same round. */
    static Statistics ofRatios(List<Double> dividends, List<Double> divisors) {
        if (dividends.size() != divisors.size()) {
            throw new IllegalArgumentException(dividends.size() + " and " + divisors.size() + " values do not pair");
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < dividends.size(); i++) {
            ratios.add(dividends.get(i) / divisors.get(i));
        }
        return of(ratios);
    }
}
