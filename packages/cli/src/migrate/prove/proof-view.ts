import type { ChainProof, MigrationProof, ProofReport } from "@slipway/migrations";
import type { ProofPlace } from "./proof-place.ts";

/** A proof and where it was made. */
export interface ProofRun {
  readonly place: Pick<ProofPlace, "kind" | "words">;
  readonly report: ProofReport;
}

/** What `slipway migrate prove` found, as it prints it. */
export interface ProofView {
  /** `pass` only when something was proved and nothing failed. */
  readonly verdict: "pass" | "fail" | "no-data";
  readonly places: readonly { readonly kind: ProofPlace["kind"]; readonly words: string }[];
  readonly proofs: readonly (MigrationProof & { readonly place: ProofPlace["kind"] })[];
  readonly chains: readonly ChainProof[];
}

/** Puts the runs of one command together. */
export function proofView(runs: readonly ProofRun[]): ProofView {
  const proofs = runs.flatMap(({ place, report }) =>
    report.proofs.map((proof) => ({ ...proof, place: place.kind })),
  );
  const chains = runs.flatMap(({ report }) => (report.chain === null ? [] : [report.chain]));
  const failed = [...proofs, ...chains].some(({ verdict }) => verdict !== "pass");
  const verdict = failed ? "fail" : proofs.length === 0 ? "no-data" : "pass";
  const places = runs.map(({ place: { kind, words } }) => ({ kind, words }));
  return { verdict, places, proofs, chains };
}
