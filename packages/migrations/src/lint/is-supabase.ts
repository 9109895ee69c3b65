/**
 * Whether SQL was written for a database of Supabase: it speaks of the roles of the API, or of who is signed in. A file
 * below a folder `supabase/` is one of Supabase anyway; that is for the caller to see.
 */
export function isSupabase(texts: readonly string[]): boolean {
  const words =
    /\bauth\.(?:uid|jwt|role|users|email)\b|\bto\s+(?:anon|authenticated|service_role)\b|\bstorage\.buckets\b/i;
  return texts.some((text) => words.test(text));
}
