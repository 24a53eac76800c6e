package io.mortmain.cli.claims;

/**
 * One thing to be seen of a claim.
 *
 * @param experiment in which it is seen
 * @param observation the name that the experiment gives it, which says what is looked at
 * @param said what is seen there if the sentence is true
 * @param expected what is seen there in truth, as far as is known
 */
record Evidence(Experiment experiment, String observation, String said, String expected) {}
