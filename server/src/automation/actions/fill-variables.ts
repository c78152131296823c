/** What stands for a name in braces. */
export type Variables = Record<string, string | undefined>;

/** An attribute that this one has not. */
const ATTRIBUTE = /^(contact|conversation)\.custom_attribute\./;

/** Puts values in for `{{contact.name}}` and the like. A name that nobody knows stays as it is, so that whoever wrote it sees it; an attribute that is not set is empty. */
export const fillVariables = (text: string, variables: Variables): string =>
  text.replace(/\{\{\s*([\w.-]{1,300})\s*\}\}/g, (whole, name: string) => (Object.hasOwn(variables, name) ? variables[name] ?? '' : ATTRIBUTE.test(name) ? '' : whole));
