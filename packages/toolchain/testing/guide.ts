/** A file that a guide tells its readers to write. */
export interface GuideFile {
  readonly file: string;
  readonly text: string;
}

/** The files of a guide: a line with the name in backticks and a colon at its end, then the block. */
export function guideFiles(markdown: string): GuideFile[] {
  const blocks = markdown.matchAll(/^`([^`]+)`[^\n]*:\n\n```\w*\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, file = "", text = ""]) => ({ file, text }));
}

/** The commands of a section of a guide, a list per block, without the comments behind them. */
export function guideCommands(markdown: string, heading: string): string[][] {
  const start = markdown.indexOf(`\n${heading}`);
  if (start === -1) throw new RangeError(`the guide has no section "${heading}"`);
  const [section = ""] = markdown.slice(start + heading.length + 1).split(/^## /m);
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.replace(/\s+# .*$/, ""))
      .filter((line) => line !== ""),
  );
}
