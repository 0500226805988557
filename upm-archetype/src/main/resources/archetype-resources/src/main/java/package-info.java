/** An engine for UPM: a key-value store, to be replaced by yours. */
package ${package};
