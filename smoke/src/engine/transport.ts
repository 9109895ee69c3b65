/** One HTTP request. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request, its body included. */
  readonly signal: AbortSignal;
  /** Bytes of the decoded body after which reading stops. */
  readonly maxBytes: number;
}

/** One HTTP answer, read to its end or to the cap. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body was longer than the cap and was left. */
  readonly cut: boolean;
}

/**
 * How requests are made. Redirects are never followed; an aborted signal rejects with its reason; a
 * request without an answer rejects with a `CheckFailure` of class `network` or `tls`.
 */
export type HttpTransport = (request: HttpRequest) => Promise<HttpAnswer>;
