/**
 * What lies in the memory of a guarded object: {@link io.mortmain.internal.record.Schema} is its description, in memory beside the data,
 * and {@link io.mortmain.internal.record.Codec} takes values out of it and puts them in.
 */
@NullMarked
package io.mortmain.internal.record;

import org.jspecify.annotations.NullMarked;
