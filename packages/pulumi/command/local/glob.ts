/**
 * Turns a glob of `assetPaths` and `archivePaths` into a test of relative paths with `/` between their parts:
 * `*` and `?` do not cross a `/`, `**` does; `[a-c]`, `[!a-c]`, `{one,two}` and `\` work as in a shell.
 *
 * @throws {Error} for an unclosed `[` or `{`.
 * @example
 * compileGlob("src/**.js").test("src/a/b.js"); // true
 */
export function compileGlob(glob: string): RegExp {
  let source = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i] as string;
    if (character === "*") {
      const many = glob[i + 1] === "*";
      while (glob[i + 1] === "*") i++;
      source += many ? ".*" : "[^/]*";
    } else if (character === "?") {
      source += "[^/]";
    } else if (character === "[") {
      const end = glob.indexOf("]", i + 2);
      if (end === -1) throw new Error(`Cannot read the pattern ${JSON.stringify(glob)}: "[" is not closed`);
      source += characterClass(glob.slice(i + 1, end));
      i = end;
    } else if (character === "{") {
      depth++;
      source += "(?:";
    } else if (character === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (character === "," && depth > 0) {
      source += "|";
    } else if (character === "\\" && i + 1 < glob.length) {
      source += literal(glob[++i] as string);
    } else {
      source += literal(character);
    }
  }
  if (depth > 0) throw new Error(`Cannot read the pattern ${JSON.stringify(glob)}: "{" is not closed`);
  return new RegExp(`^${source}$`, "s");
}

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");

function characterClass(inside: string): string {
  const negated = inside.startsWith("!");
  const members = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, "\\$&");
  return `[${negated ? "^" : ""}${members}]`;
}

/**
 * The paths that a list of globs selects. Later patterns decide over earlier ones; one that begins with `!` takes
 * paths away.
 */
export function selectPaths(paths: readonly string[], globs: readonly string[]): string[] {
  const rules = globs.map((glob) => ({
    exclude: glob.startsWith("!"),
    test: compileGlob(glob.replace(/^!/, "")),
  }));
  return paths.filter((path) => {
    const decisive = rules.findLast((rule) => rule.test.test(path));
    return decisive !== undefined && !decisive.exclude;
  });
}
