/** What stands for a name in braces. */
export type Variables = Record<string, string | undefined>;

/** Puts values in for `{{contact.name}}` and the like. A name that nobody knows stays as it is, so that whoever wrote it sees it. */
export const fillVariables = (text: string, variables: Variables): string =>
  text.replace(/\{\{\s*([a-z_.]{1,50})\s*\}\}/g, (whole, name: string) => (Object.hasOwn(variables, name) ? variables[name] ?? '' : whole));
