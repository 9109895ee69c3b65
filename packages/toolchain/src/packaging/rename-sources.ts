import { dirname, join } from "node:path/posix";

/** A relative name of a source in a text: in quotes, from the text's own folder. Shell scripts call it `$here`. */
const NAME = /(["'`])((?:\.\.?|\$here)\/[^"'`\s]+)\.ts\1/g;

/** What is known of the sources that a text may name. */
export interface KnownSources {
  /** Whether a source, named from the repository's root, is compiled. */
  isCompiled(path: string): boolean;
  /** Whether there is such a source at all. */
  exists(path: string): boolean;
}

/**
 * Renames sources to what they are compiled to, where the compiler does not: in launchers, in
 * `new URL("./x.ts", import.meta.url)`, in declarations. What looks like a source and is none stays.
 *
 * @param path of the text, from the repository's root.
 * @throws RangeError for a source that is not compiled: the published package would lack it.
 */
export function renameSources(path: string, text: string, sources: KnownSources): string {
  return text.replaceAll(NAME, (written, quote: string, stem: string) => {
    const source = `${join(dirname(path), stem.replace(/^\$here\//, "./"))}.ts`;
    if (sources.isCompiled(source)) return `${quote}${stem}.js${quote}`;
    if (sources.exists(source)) throw new RangeError(`${path} names ${source}, which is not published`);
    return written;
  });
}
