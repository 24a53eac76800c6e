/** {@code mortmain doctor}: what of this machine Mortmain can use, found by looking and by trying. Read {@code Doctor} first. */
@NullMarked
package io.mortmain.cli.doctor;

import org.jspecify.annotations.NullMarked;
