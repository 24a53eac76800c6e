package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;
import java.util.ArrayList;
import java.util.List;

/**
 * A technical sentence of one of the texts.
 *
 * @param id for ever: R and a number for the text on robust mutexes, F and a number for the one on fork
 * @param sentence what it says, in short
 * @param made how it is made to happen
 * @param evidence what is to be seen; the sentence speaks of one of it or more
 * @param ground what it can rest on
 * @param clause the clause or the edition of the standard, or what else it rests on
 * @param remark what follows, or is easily overlooked; may be empty
 * @param instead what Mortmain does instead; empty where it does nothing of the kind
 * @param shown how that is seen
 * @param verdict what the sentence comes to
 */
record Claim(
        String id,
        String sentence,
        String made,
        List<Evidence> evidence,
        Ground ground,
        String clause,
        String remark,
        String instead,
        List<Evidence> shown,
        Verdict verdict) {

    static Builder of(String id, String sentence) {
        return new Builder(id, sentence);
    }

    /** Puts a claim together, sentence first, verdict last. */
    static final class Builder {
        private final String id;
        private final String sentence;
        private final List<Evidence> evidence = new ArrayList<>();
        private final List<Evidence> shown = new ArrayList<>();
        private String made = "";
        private Ground ground = Ground.STANDARD;
        private String clause = "";
        private String remark = "";
        private String instead = "";

        private Builder(String id, String sentence) {
            this.id = id;
            this.sentence = sentence;
        }

        Builder made(String how) {
            made = how;
            return this;
        }

        /** Seen as the sentence says. */
        Builder sees(Experiment experiment, String observation, String value) {
            evidence.add(new Evidence(experiment, observation, value, value));
            return this;
        }

        /** Seen otherwise than the sentence says. */
        Builder sees(Experiment experiment, String observation, String said, String expected) {
            evidence.add(new Evidence(experiment, observation, said, expected));
            return this;
        }

        /** Seen besides; the sentence does not speak of it. */
        Builder also(Experiment experiment, String observation, String value) {
            evidence.add(new Evidence(experiment, observation, "", value));
            return this;
        }

        /** The same, or the like, kind by kind. */
        Builder all(List<Evidence> several) {
            evidence.addAll(several);
            return this;
        }

        Builder restsOn(Ground on, String text) {
            ground = on;
            clause = text;
            return this;
        }

        Builder remark(String text) {
            remark = text;
            return this;
        }

        Builder instead(String text) {
            instead = text;
            return this;
        }

        Builder shown(Experiment experiment, String observation, String value) {
            shown.add(new Evidence(experiment, observation, value, value));
            return this;
        }

        Claim is(Verdict verdict) {
            return new Claim(
                    id,
                    sentence,
                    made,
                    List.copyOf(evidence),
                    ground,
                    clause,
                    remark,
                    instead,
                    List.copyOf(shown),
                    verdict);
        }
    }
}
