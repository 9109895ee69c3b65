/** What the pin says must answer. Every part is optional but for a release run, which wants all of them. */
export interface Expected {
  readonly environment?: string;
  /** The pinned release, semver; a leading `v` makes no difference. */
  readonly release?: string;
  /** The digest of the release's manifest: `sha256:…`. */
  readonly digest?: string;
  /** The attempt that this run is the evidence of. */
  readonly attempt?: number;
  readonly services?: Readonly<Record<string, ExpectedService>>;
}

/** One service as the pin says it. */
export interface ExpectedService {
  readonly version: string;
  /** The digest of the build that must answer: `sha256:…`. */
  readonly build?: string;
  readonly commit?: string;
  /** Where it is asked from inside: `http://127.0.0.1:4711`. */
  readonly address?: string;
  /** Where its users find it: `https://shop.example`. */
  readonly public?: string;
  readonly health?: HealthPaths;
}

/** The three paths of the HTTP contract. */
export interface HealthPaths {
  readonly live?: string;
  readonly ready?: string;
  readonly meta?: string;
}

/** The contract's paths when nothing else is said. */
export const defaultHealthPaths = { live: "/healthz", ready: "/readyz", meta: "/meta" } as const;
