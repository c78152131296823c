import { formOf } from './forms.js';
import type { Operation } from './operation.js';

/** How a body travels. */
export type Way = 'wrapped JSON' | 'form' | 'multipart';

export const WAYS: readonly Way[] = ['wrapped JSON', 'form', 'multipart'];

/** What the resource of an operation is called when its fields are wrapped. */
function wrapOf({ name }: Operation): string | undefined {
  // Labels of a contact or a conversation are a field.
  if (/(contact|conversation)\w*\/\{\w+\}\/labels$/.test(name)) return undefined;
  const collection = name.split(' ')[1]!.split('/').filter((part) => !part.startsWith('{')).at(-1)!;
  return WRAPS[collection];
}

const WRAPS: Record<string, string> = {
  accounts: 'account', agents: 'agent', agent_bots: 'agent_bot', inboxes: 'inbox', contacts: 'contact', labels: 'label', teams: 'team', canned_responses: 'canned_response',
  custom_attribute_definitions: 'custom_attribute_definition', custom_filters: 'custom_filter', automation_rules: 'automation_rule', webhooks: 'webhook', hooks: 'hook', portals: 'portal',
  categories: 'category', articles: 'article', conversations: 'conversation', messages: 'message', users: 'user',
};

/** Headers and body of a request that sends these fields this way. */
export function sentAs(way: Way, operation: Operation, fields: object): { headers: Record<string, string>; body: string | FormData } {
  if (way === 'form') return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(formOf(fields)).toString() };
  if (way === 'multipart') {
    const form = new FormData();
    for (const [key, value] of formOf(fields)) form.append(key, value);
    return { headers: {}, body: form };
  }
  const wrap = wrapOf(operation);
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(wrap ? { [wrap]: fields } : fields) };
}
