/** Where the service is: the page stands at `/dashboard` below it, whatever a proxy puts before that. */
export const ROOT = location.pathname.replace(/\/dashboard(\/.*)?$/, "");

/** A whole address, to paste into another program. */
export function absolute(path: string): string {
  return location.origin + ROOT + path;
}
