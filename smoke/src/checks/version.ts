import type { Reading, VersionCheck, VersionSource } from "../definition/http-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Attempt, AttemptTools, Look, PlanContext } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { hostPort, type ResolvedPlace, resolvePlace } from "../engine/resolve-place.ts";
import { ask } from "./ask.ts";
import { finding, judgeStatus } from "./judge-answer.ts";
import { checkReading, readAnswer, readingText } from "./reading.ts";
import { plainDigest, plainVersion } from "./version-text.ts";

interface Source extends Omit<VersionSource, "at" | "name"> {
  readonly place: ResolvedPlace;
  readonly nameAt?: Reading | undefined;
  readonly want: {
    readonly version?: string | undefined;
    readonly build?: string | undefined;
    readonly commit?: string | undefined;
  };
}

interface Answered {
  readonly label: string;
  readonly findings: readonly Finding[];
  readonly version?: string;
  readonly retryAfterMs?: number;
}

/** Makes the one look of a version check, which asks all of its sources at the same time. */
export function planVersion(check: VersionCheck, context: PlanContext): Look[] {
  const sources = check.sources.flatMap((source) => sourcesOf(source, check, context));
  if (sources.length === 0) throw misused("a version check needs sources");
  if (sources.length === 1 && sources[0]?.want.version === undefined) {
    throw misused("nothing to compare the one version with: pin a release, or name a second source");
  }
  const names = [...new Set(sources.map(({ place }) => place.service ?? place.label))];
  return [
    {
      label: `version of ${names.join(", ")}`,
      needs: { hosts: sources.map(({ place }) => hostPort(place.url)) },
      attempt: (tools) => attemptVersion(sources, tools),
    },
  ];
}

function sourcesOf(source: VersionSource, check: VersionCheck, { suite }: PlanContext): Source[] {
  for (const reading of [source.version, source.name, source.build, source.commit]) {
    if (reading !== undefined) checkReading(reading);
  }
  return resolvePlace(source, suite).map((place) => {
    const pinned = place.service === undefined ? undefined : suite.expected?.services?.[place.service];
    const { at: _at, name, ...rest } = source;
    const want = {
      version: check.version ?? pinned?.version ?? suite.expected?.release,
      build: check.build ?? pinned?.build,
      commit: check.commit ?? pinned?.commit,
    };
    if (source.build !== undefined && want.build === undefined)
      throw misused("no build is expected to compare with");
    if (source.commit !== undefined && want.commit === undefined)
      throw misused("no commit is expected to compare with");
    return { ...rest, nameAt: name, place, want };
  });
}

async function attemptVersion(sources: readonly Source[], tools: AttemptTools): Promise<Attempt> {
  const answers = await Promise.all(sources.map((source) => askSource(source, tools)));
  const waits = answers.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return {
    findings: [...answers.flatMap(({ findings }) => findings), ...disagreement(answers)],
    ...(waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) }),
  };
}

async function askSource(source: Source, tools: AttemptTools): Promise<Answered> {
  const { place, want } = source;
  const label = place.vantage === undefined ? place.label : `${place.label} (${place.vantage})`;
  const answer = await ask(tools, place.url);
  const status = judgeStatus(answer, {});
  if (!status.ok)
    return { label, findings: [{ ...status, what: `${label} ${status.what}` }], ...answer.wait };

  const compare = (
    what: string,
    reading: Reading,
    wanted: string,
    same: (seen: string, wanted: string) => boolean,
  ) => {
    const seen = readAnswer(answer, reading);
    const ok = seen !== undefined && same(seen, wanted);
    return finding(`${label} ${what}`, wanted, seen ?? `nothing at ${readingText(reading)}`, ok);
  };
  const where = source.version ?? "$.version";
  const version = readAnswer(answer, where);
  const findings: Finding[] = [];
  if (source.nameAt !== undefined && place.service !== undefined) {
    findings.push(compare("service", source.nameAt, place.service, (seen, wanted) => seen === wanted));
  }
  findings.push(
    want.version === undefined
      ? finding(
          `${label} version`,
          "a version",
          version ?? `nothing at ${readingText(where)}`,
          version !== undefined,
        )
      : compare(
          "version",
          where,
          want.version,
          (seen, wanted) => plainVersion(seen) === plainVersion(wanted),
        ),
  );
  if (source.build !== undefined && want.build !== undefined) {
    findings.push(
      compare("build", source.build, want.build, (seen, wanted) => plainDigest(seen) === plainDigest(wanted)),
    );
  }
  if (source.commit !== undefined && want.commit !== undefined) {
    findings.push(compare("commit", source.commit, want.commit, sameCommit));
  }
  return { label, findings, ...(version === undefined ? {} : { version: plainVersion(version) }) };
}

/** Sources that each have what they expected may still differ where nothing was expected. */
function disagreement(answers: readonly Answered[]): Finding[] {
  const said = answers.flatMap(({ label, version }) =>
    version === undefined ? [] : [`${label} ${version}`],
  );
  const versions = new Set(answers.flatMap(({ version }) => version ?? []));
  if (versions.size < 2) return [];
  return [finding("agreement", "one version everywhere", said.join(", "), false)];
}

/** Commits may be shortened on either side, to no less than seven characters. */
function sameCommit(seen: string, wanted: string): boolean {
  const [a, b] = [seen.trim().toLowerCase(), wanted.trim().toLowerCase()];
  return a.length >= 7 && b.length >= 7 && (a.startsWith(b) || b.startsWith(a));
}

function misused(message: string): CheckFailure {
  return new CheckFailure("configuration", message);
}
