/** A text as one word of a POSIX shell, whatever is in it but a zero character. */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new Error("Cannot pass a zero character to a shell");
  return /^[A-Za-z0-9_/.:=@,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** An argument list as one command of a POSIX shell, for the few interfaces that take nothing else. */
export const shellCommand = (argv: readonly string[]): string => argv.map(shellQuote).join(" ");
