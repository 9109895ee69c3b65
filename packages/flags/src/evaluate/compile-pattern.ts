/**
 * A pattern of RE2's syntax as one of JavaScript's, or null when it is not valid or not RE2: look-around and
 * back-references are refused, as Unleash's server does. Character classes such as `[:alpha:]` are translated, and
 * the inline flags `(?i)`, `(?m)`, `(?s)` count for the whole pattern.
 *
 * RE2 never backtracks, JavaScript does: a repetition inside a repetition (`(a+)+`), which makes that
 * exponential, is refused too, and {@link patternInputLimit} bounds the rest.
 */
export function compilePattern(pattern: string, caseInsensitive: boolean): RegExp | null {
  let flags = caseInsensitive ? "i" : "";
  const plain = pattern
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replaceAll(/\(\?([ims]+)\)/g, (_, named: string) => {
      for (const flag of named) if (!flags.includes(flag)) flags += flag;
      return "";
    });
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</.test(plain) || repeatsRepetition(plain)) return null;
  try {
    return new RegExp(plain.replaceAll("(?P<", "(?<"), flags);
  } catch {
    // Not a pattern: a constraint that cannot be judged never matches.
    return null;
  }
}

/** Characters of a longer attribute are not looked at: it does not match. */
export const patternInputLimit = 1_000;

const classes: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "0-9a-zA-Z",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  word: "\\w",
  xdigit: "0-9a-fA-F",
  punct: "!-\\/:-@\\[-`{-~",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
};

/** Whether an unbounded repetition, or an alternation, is inside a group that is repeated without bound. */
function repeatsRepetition(pattern: string): boolean {
  const groups: boolean[] = [];
  const text = pattern.replaceAll(/\\./g, "x").replaceAll(/\[[^\]]*\]/g, "x");
  for (let at = 0; at < text.length; at += 1) {
    const rest = text.slice(at, at + 12);
    if (rest[0] === "(") groups.push(false);
    else if (rest[0] === ")") {
      const inner = groups.pop() ?? false;
      const repeated = /^\)(?:[*+]|\{\d+,\d*\})/.test(rest);
      if (inner && repeated) return true;
      if ((inner || repeated) && groups.length > 0) groups[groups.length - 1] = true;
    } else if (groups.length > 0 && /^(?:[*+|]|\{\d+,)/.test(rest)) groups[groups.length - 1] = true;
  }
  return false;
}
