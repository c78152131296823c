/** What the body of an answer says as JSON; undefined when it is none. */
export function answeredJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
