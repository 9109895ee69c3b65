import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

const LIMIT_BYTES = 16 * 1024;

/** The largest id: the columns are Postgres integers. */
export const MAX_ID = 2 ** 31 - 1;

/** Reads a request's body as a JSON object. @throws {HttpError} 400 or 413. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT_BYTES) throw new HttpError(413, `the body is longer than ${LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new HttpError(400, "the body is not JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new HttpError(400, "the body is not a JSON object");
}

/** A whole number of a body within limits. @throws {HttpError} 400 naming the key. */
export function integerOf(
  body: Readonly<Record<string, unknown>>,
  key: string,
  min: number,
  max: number,
): number {
  const value = body[key];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new HttpError(400, `${key} must be a whole number from ${min} to ${max}`);
}

/** A text of a body, without white space around it. @throws {HttpError} 400 naming the key. */
export function textOf(body: Readonly<Record<string, unknown>>, key: string, maxLength: number): string {
  const value = body[key];
  const text = typeof value === "string" ? value.trim() : "";
  // Postgres keeps every character but this one.
  if (text.length > 0 && text.length <= maxLength && !text.includes("\0")) return text;
  throw new HttpError(400, `${key} must be a text of 1 to ${maxLength} characters`);
}

/** The number in a path. @throws {HttpError} 404: there is nothing under any other name. */
export function idOf({ id = "" }: Readonly<Record<string, string>>): number {
  if (/^[1-9]\d{0,9}$/.test(id) && Number(id) <= MAX_ID) return Number(id);
  throw new HttpError(404, "not found");
}

/** The first row of an answer. @throws {HttpError} 404. */
export function found<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new HttpError(404, "not found");
  return row;
}
