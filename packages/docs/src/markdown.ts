/** A relative link of a page: where it goes and the line it stands in, from 1. */
export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

/** The links of a page that stay in the repository: no `https:`, no `mailto:`, no bare anchor. */
export function relativeLinks(markdown: string): MarkdownLink[] {
  const links: MarkdownLink[] = [];
  for (const { text, line, code } of linesOf(markdown)) {
    if (code) continue;
    const definition = /^\[[^\]]+\]:\s+(\S+)/.exec(text)?.[1];
    const inline = text.replace(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)\)/g);
    for (const target of [...inline].map(([, found = ""]) => found).concat(definition ?? [])) {
      if (!/^[a-z][a-z0-9+.-]*:|^#/i.test(target)) links.push({ target, line });
    }
  }
  return links;
}

/** The anchors that a page's headings have, as the usual renderers make them. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text, code } of linesOf(markdown)) {
    const heading = code ? undefined : /^#{1,6}\s+(.*)$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
    anchors.add(words.trim().replaceAll(/\s/g, "-"));
  }
  return anchors;
}

/** The code of a page: its fenced lines and what stands between single backticks, with the line each is in. */
export function codeOf(markdown: string): { text: string; line: number }[] {
  return linesOf(markdown).flatMap(({ text, line, code }) =>
    code ? [{ text, line }] : [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => ({ text: span, line })),
  );
}

function linesOf(markdown: string): { text: string; line: number; code: boolean }[] {
  let fence = false;
  return markdown.split("\n").map((text, index) => {
    const border = /^\s*```/.test(text);
    const code = fence && !border;
    if (border) fence = !fence;
    return { text, line: index + 1, code };
  });
}
