import { createClient, type RealtimeChannel, type SupabaseClient } from "@supabase/supabase-js";
import type { FlagRevision } from "../document/flag-revision.ts";
import type { FlagAcknowledgement, FlagSource } from "../source/flag-source.ts";
import { FlagSourceError, type FlagSourceFailure } from "../source/flag-source-error.ts";
import { jsonOnly } from "./json-only.ts";
import { readHint } from "./read-hint.ts";
import { reconnectMs } from "./reconnect-ms.ts";

/** Which project, and as whom. */
export interface SupabaseSourceOptions {
  /** `https://<project>.supabase.co`. Schema `slipway_api` must be among the API's exposed schemas. */
  readonly url: string;
  /** The secret key. A function is asked at every call, so that a rotated key is picked up. */
  readonly key: string | (() => string);
  /** Instead of the key's own rights: a token of a user or role that may read flags. */
  readonly accessToken?: () => Promise<string>;
  /**
   * False: only the poll. The platform's WebSocket keeps a Node process alive until the client is closed; a program
   * that has to end by itself passes false.
   */
  readonly realtime?: boolean;
  /** The longest wait before the next try to subscribe, in milliseconds: 5,000. */
  readonly backoffCapMs?: number;
  /** For one call, in milliseconds: 1,500. */
  readonly timeoutMs?: number;
  /** How often a silent WebSocket is asked whether it lives, in milliseconds: 5,000. */
  readonly heartbeatMs?: number;
  readonly fetch?: typeof fetch;
}

type Client = SupabaseClient<never, "slipway_api">;

const GOODBYE_MS = 1_000;

/**
 * Flags through Supabase's API: remote procedures for questions, broadcast for hints. Needs Node 22 or later, or Deno.
 *
 * @example
 * const flags = new FlagClient({ source: supabaseSource({ url: SUPABASE_URL, key: SUPABASE_SECRET_KEY }) });
 */
export function supabaseSource(options: SupabaseSourceOptions): FlagSource {
  return new SupabaseSource(options);
}

class SupabaseSource implements FlagSource {
  readonly name = "supabase";
  readonly #options: SupabaseSourceOptions;
  readonly #listeners = new Set<(hint: FlagRevision | null) => void>();
  #client: { readonly key: string; readonly value: Client } | null = null;
  #channel: { readonly client: Client; readonly value: RealtimeChannel } | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #instance: string | null = null;

  constructor(options: SupabaseSourceOptions) {
    this.#options = options;
  }

  async fetchRevision(_since: FlagRevision | null, signal: AbortSignal): Promise<FlagRevision> {
    return (await this.#ask("flag_position", {}, signal)) as FlagRevision;
  }

  fetchDocument(signal: AbortSignal): Promise<unknown> {
    return this.#ask("flag_document", {}, signal);
  }

  async acknowledge(acknowledgement: FlagAcknowledgement, signal: AbortSignal): Promise<void> {
    const { instance, epoch, revision, appliedMs } = acknowledgement;
    this.#instance = instance;
    await this.#tell("acknowledge_flags", { instance, epoch, revision, applied_ms: appliedMs }, signal);
  }

  subscribe(onHint: (hint: FlagRevision | null) => void): () => void {
    if (this.#options.realtime === false) return () => {};
    this.#listeners.add(onHint);
    this.#join();
    return () => {
      this.#listeners.delete(onHint);
      if (this.#listeners.size === 0) this.#leave();
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#leave();
    if (this.#instance !== null) {
      // Courtesy, so that nobody waits for this process; who could not say it counts as silent for a while.
      const goodbye = AbortSignal.timeout(GOODBYE_MS);
      await this.#tell("leave_flags", { instance: this.#instance }, goodbye).catch(() => undefined);
    }
  }

  /** Calls a function that answers with an object. An empty answer is none: a denial may look like that. */
  async #ask(name: string, args: object, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#tell(name, args, signal);
    if (typeof answer !== "object" || answer === null) {
      throw new FlagSourceError("failed", `supabase: ${name} gave an empty answer`);
    }
    return answer;
  }

  async #tell(name: string, args: object, signal: AbortSignal): Promise<unknown> {
    const { data, error, status } = await this.#current()
      .rpc(name as never, args as never)
      .abortSignal(signal);
    if (error === null) return data;
    throw new FlagSourceError(
      failureOf(status, error.code),
      `supabase: ${name}: ${error.message} (status ${status})`,
    );
  }

  /** The client of the key that counts now. */
  #current(): Client {
    const { url, key, accessToken, timeoutMs = 1_500, heartbeatMs = 5_000 } = this.#options;
    const now = typeof key === "function" ? key() : key;
    if (this.#client?.key === now) return this.#client.value;
    const value = createClient<never, "slipway_api">(url, now, {
      // Its own retries of reads take seven seconds: the poll is the retry here.
      db: { schema: "slipway_api", retry: false, timeout: timeoutMs },
      auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      global: { fetch: jsonOnly(this.#options.fetch ?? fetch) },
      realtime: { heartbeatIntervalMs: heartbeatMs },
      ...(accessToken === undefined ? {} : { accessToken }),
    } as never) as Client;
    const renewed = this.#client !== null;
    this.#client = { key: now, value };
    if (renewed && this.#channel !== null) {
      this.#leave();
      this.#join();
    }
    return value;
  }

  #join(): void {
    if (this.#listeners.size === 0 || this.#channel !== null) return;
    const client = this.#current();
    if (this.#channel !== null) return;
    const value = client.channel("slipway:flags", { config: { private: true } });
    this.#channel = { client, value };
    value
      .on("broadcast", { event: "changed" }, ({ payload }) => this.#hint(readHint(payload)))
      .subscribe((state) => {
        if (this.#channel?.value !== value) return;
        if (state === "SUBSCRIBED") {
          this.#failures = 0;
          // What happened before this moment was heard by nobody.
          this.#hint(null);
          return;
        }
        // The library's own rejoining is known to give up: a channel that failed is replaced.
        this.#leave();
        this.#timer = setTimeout(
          () => this.#join(),
          reconnectMs(++this.#failures, this.#options.backoffCapMs),
        );
        (this.#timer as { unref?(): void }).unref?.();
      }, this.#options.timeoutMs ?? 1_500);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    const channel = this.#channel;
    this.#channel = null;
    if (channel === null) return;
    // Whether the server hears the goodbye or not, the socket is closed.
    channel.client.removeChannel(channel.value).catch(() => undefined);
    void channel.client.realtime.disconnect();
  }

  #hint(hint: FlagRevision | null): void {
    for (const listener of [...this.#listeners]) listener(hint);
  }
}

function failureOf(status: number, code: string | undefined): FlagSourceFailure {
  if (status === 401 || status === 403) return "denied";
  // The library gives status 0 when nothing answered.
  return status === 0 || (status >= 500 && code === undefined) || status === 429 ? "unreachable" : "failed";
}
