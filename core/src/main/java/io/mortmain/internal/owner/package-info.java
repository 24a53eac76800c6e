/** Who holds: what identifies a holder beyond its thread number, which other machines, boots and namespaces use too. */
@NullMarked
package io.mortmain.internal.owner;

import org.jspecify.annotations.NullMarked;
