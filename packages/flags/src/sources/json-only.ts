/**
 * A fetch that takes no page for an answer: proxies, captive portals and catch-all routes send HTML with status 200.
 * Such an answer becomes a 502 whose body says so.
 */
export function jsonOnly(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (!response.ok || response.status === 204) return response;
    const type = response.headers.get("content-type") ?? "";
    if (/\bjson\b/.test(type)) return response;
    // The body is not read: nobody knows how long it is.
    await response.body?.cancel();
    const message = `the answer is ${type === "" ? "of no type" : type}, not JSON`;
    return Response.json({ code: "NOT_JSON", message, details: null, hint: null }, { status: 502 });
  };
}
