/** A call that asks for a flag by a key written in the code. */
export interface FlagCall {
  readonly key: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What the sources say of the declared flags. */
export interface FlagReferences {
  /** Declared keys that no source names. */
  readonly unreferenced: readonly string[];
  /** Calls that ask for a key which is not declared: they get the safe value for ever. */
  readonly undeclared: readonly FlagCall[];
}

/** A source file, as text. */
export interface ScannedFile {
  readonly path: string;
  readonly text: string;
}

const QUOTED = /["'`]([A-Za-z0-9][A-Za-z0-9._-]{0,99})["'`]/g;
// Only what cannot be anything else: a method of the client, on something that is called flags.
const CALL =
  /\bflags?(?:Client)?\??\.(?:isOn|value|evaluate|variant)\(\s*["'`]([A-Za-z0-9][A-Za-z0-9._-]{0,99})["'`]/gi;
const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

/**
 * Compares declared flags with sources. A key counts as referenced where it stands in quotes; one that is put
 * together at run time is not seen, and neither is a call through a variable of another name.
 */
export function scanFlags(keys: readonly string[], files: Iterable<ScannedFile>): FlagReferences {
  const missing = new Set(keys);
  const declared = new Set(keys);
  const undeclared: FlagCall[] = [];
  for (const { path, text } of files) {
    if (missing.size > 0) for (const [, key = ""] of text.matchAll(QUOTED)) missing.delete(key);
    if (!SCRIPT.test(path)) continue;
    for (const { 1: key = "", index } of text.matchAll(CALL)) {
      if (!declared.has(key))
        undeclared.push({ key, file: path, line: text.slice(0, index).split("\n").length });
    }
  }
  return { unreferenced: [...missing], undeclared };
}
