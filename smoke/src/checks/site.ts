import type { SiteCheck } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { AttemptTools, Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, resolvePlace } from "../engine/resolve-place.ts";
import { ask } from "./ask.ts";
import { finding, judgeStatus, mediaType } from "./judge-answer.ts";
import { checkReading, readAnswer, readingText } from "./reading.ts";
import { plainDigest, plainVersion } from "./version-text.ts";

/** Assets of one page that are asked for; a page with more of them says so. */
const maxAssets = 50;

/** Makes the looks of a static site check: one for each vantage point. */
export function planSite(check: SiteCheck, { suite }: PlanContext): Look[] {
  const reading = check.reading ?? { meta: "build" };
  checkReading(reading);
  return resolvePlace(check, suite).map(({ url, label, service, vantage }) => {
    const pinned = service === undefined ? undefined : suite.expected?.services?.[service];
    const build = check.build ?? pinned?.build ?? pinned?.version ?? suite.expected?.release;
    if (build === undefined)
      throw new CheckFailure("configuration", "no build is expected: write build, or pin one");
    return {
      label: `site ${label}`,
      ...(vantage === undefined ? {} : { vantage }),
      needs: { hosts: [hostPort(url)] },
      attempt: async (tools) => {
        const page = await ask(tools, url, { headers: { accept: "text/html" } });
        const status = judgeStatus(page, {});
        if (!status.ok) return { findings: [status], ...page.wait };
        const type = mediaType(page);
        const seen = readAnswer(page, reading);
        const findings = [
          status,
          finding("content type", "text/html", type || "none", type === "text/html"),
          finding("build", build, seen ?? `nothing at ${readingText(reading)}`, sameBuild(seen, build)),
        ];
        if (check.assets !== false) findings.push(...(await judgeAssets(page.body, url, tools)));
        if (check.missing !== undefined) findings.push(await judgeMissing(check.missing, url, tools));
        return { findings };
      },
    };
  });
}

function sameBuild(seen: string | undefined, wanted: string): boolean {
  const plain = (text: string) => plainVersion(plainDigest(text));
  return seen !== undefined && plain(seen) === plain(wanted);
}

/** Asks for what the page names on its own host: a new page with the old files is half a deploy. */
async function judgeAssets(html: string, page: string, tools: AttemptTools): Promise<Finding[]> {
  const urls = assetUrls(html, page);
  const findings = await Promise.all(
    urls.slice(0, maxAssets).map(async (url) => {
      const answer = await ask(tools, url);
      const type = mediaType(answer);
      const ok = answer.status === 200 && type !== "text/html";
      return finding(
        `asset ${new URL(url).pathname}`,
        "200, not a page",
        `${answer.status} ${type}`.trim(),
        ok,
      );
    }),
  );
  const bad = findings.filter(({ ok }) => !ok);
  if (bad.length > 0) return bad;
  const seen =
    urls.length > maxAssets ? `${maxAssets} of ${urls.length} asked, all there` : `${urls.length} there`;
  return [finding("assets", "all there", seen, true)];
}

/** The scripts and style sheets that a page loads from its own origin. */
export function assetUrls(html: string, page: string): string[] {
  const references = [
    ...html.matchAll(/<script\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)/gi),
    ...[...html.matchAll(/<link\b[^>]*>/gi)]
      .filter(([tag]) => /\brel\s*=\s*["']?(?:stylesheet|modulepreload)\b/i.test(tag))
      .flatMap(([tag]) => [...tag.matchAll(/\bhref\s*=\s*["']?([^"'\s>]+)/gi)]),
  ].map((match) => match[1]!);
  const urls = references.filter((at) => URL.canParse(at, page)).map((at) => new URL(at, page));
  return [...new Set(urls.filter(({ origin }) => origin === new URL(page).origin).map(({ href }) => href))];
}

async function judgeMissing(path: string, page: string, tools: AttemptTools): Promise<Finding> {
  const { status } = await ask(tools, new URL(path, page).href);
  return finding(`missing ${path}`, "404", String(status), status === 404);
}
