import { call, eventually, type Answer } from '../../http.js';
import type { Feature } from '../feature.js';

const person = async (t: Parameters<typeof call>[0], account: { id: number; admin: Parameters<typeof call>[1] }): Promise<number> =>
  (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts`, { name: 'Twice' })).body.payload.contact.id as number;

/** Its id, when nothing goes on about it any more. */
const finished = async (t: Parameters<typeof call>[0], account: { id: number; admin: Parameters<typeof call>[1] }, kind: 'imports' | 'exports', { body }: Answer): Promise<number> => {
  const id = body.payload.id as number;
  await eventually(`${kind} ${id} is finished`, async () => (await call(t, account.admin, 'GET', `/api/v1/accounts/${account.id}/contacts/${kind}/${id}`)).body.payload.finished);
  return id;
};

// Somebody who may be merged away. Nobody's path names them: the well-formed request gets a new one.
export default {
  things: {
    notes: async ({ t, account, contact }) => (await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts/${contact}/notes`, { content: 'Rings twice.' })).body.id as number,
    imports: async ({ t, account }) => {
      const form = new FormData();
      form.append('import_file', new Blob(['email\nrow@example.org']), 'people.csv');
      return finished(t, account, 'imports', await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts/import`, form));
    },
    exports: async ({ t, account }) => finished(t, account, 'exports', await call(t, account.admin, 'POST', `/api/v1/accounts/${account.id}/contacts/export`, { label: 'nobody-has-it' })),
    mergees: ({ t, account }) => person(t, account),
  },
  routes: {
    'POST /api/v1/accounts/{account_id}/contacts/import': { answers: 422 },
    'POST /api/v1/accounts/{account_id}/contacts/export': { body: { label: 'nobody-has-it' } },
    // Nobody has the address that is made up.
    'POST /api/v1/accounts/{account_id}/contact_inboxes/filter': { answers: 404, neverTaken: ['inbox_id'] },
    'POST /api/v1/accounts/{account_id}/actions/contact_merge': { body: ({ ids, contact }) => ({ base_contact_id: contact, mergee_contact_id: ids.get('mergees') ?? contact }), usesUp: 'mergees', neverTaken: ['base_contact_id', 'mergee_contact_id'] },
  },
} satisfies Feature;
