package io.mortmain.cli.claims;

import io.mortmain.cli.experiment.Experiment;

/**
 * One thing to be seen of a claim.
 *
 * @param experiment in which it is seen
 * @param observation the name that the experiment gives it, which says what is looked at
 * @param said what is seen there if the sentence is true; empty if it says nothing of this, and the verdict does not depend on it
 * @param expected what is seen there in truth, as far as is known
 */
record Evidence(Experiment experiment, String observation, String said, String expected) {
    boolean isOfTheSentence() {
        return !said.isEmpty();
    }

    /** Whether the sentence says nothing of it, or what is seen. */
    boolean isAsSaid(String seen) {
        return !isOfTheSentence() || seen.equals(said);
    }
}
