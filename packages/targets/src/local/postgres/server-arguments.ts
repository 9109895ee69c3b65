/**
 * The arguments of the `postgres` program: loopback only, no Unix socket, the same time zone on every machine,
 * and the settings, which win over all of that.
 *
 * @example
 * serverArguments("/data", 20123, { fsync: "off" });
 * // ["-D", "/data", "-p", "20123", "-c", "listen_addresses=127.0.0.1", …, "-c", "fsync=off"]
 */
export function serverArguments(
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): string[] {
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] ",
    ...settings,
  };
  return [
    "-D",
    data,
    "-p",
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/**
 * The arguments of `initdb` for an empty folder: one user `postgres` that has to give its password, text sorted
 * by code point on every system alike.
 *
 * @param sync false when the server will run without fsync anyway.
 */
export function initdbArguments(data: string, passwordFile: string, sync: boolean): string[] {
  return [
    ...["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8"],
    ...["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...(sync ? [] : ["--no-sync"]),
  ];
}
