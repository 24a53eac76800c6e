/** The demo: workers that die while they hold a mutex, and the book of their deaths. */
@NullMarked
package io.mortmain.cli.demo;

import org.jspecify.annotations.NullMarked;
