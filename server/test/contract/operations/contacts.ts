import { expect } from '@jest/globals';
import { unique } from '../../factories.js';
import { operation, type Operation } from '../operation.js';
import type { World } from '../world.js';

const A = '/api/v1/accounts/{account_id}';
const address = (): string => `c-${unique()}@example.org`;
const contact = async (w: World): Promise<number[]> => [await w.made('contacts', { name: 'Grace', email: address(), custom_attributes: { tier: 'gold' } })];
const two = async (w: World): Promise<number[]> => [...await contact(w), ...await contact(w)];
const ids = (body: { payload: { id: number }[] }): number[] => body.payload.map(({ id }) => id);

/** People who write. */
export const contacts: Operation[] = [
  operation(`GET ${A}/contacts`, 'members', '@contacts', { query: () => 'page=1&sort=-last_activity_at' }),
  operation(`POST ${A}/contacts`, 'members', '@madeContact', {
    body: (w) => ({ name: 'Hedy', email: address(), inbox_id: w.inbox.id, custom_attributes: { tier: 'silver' } }),
    effect: async (w, _, body) => {
      expect(body.payload.contact_inbox.source_id).toEqual(expect.any(String));
      expect((await w.ask('GET', `contacts/${body.payload.contact.id}`)).payload).toMatchObject({ name: 'Hedy', custom_attributes: { tier: 'silver' } });
    },
  }),
  operation(`GET ${A}/contacts/{id}`, 'members', '@oneContact', { given: contact, effect: (_, [id], body) => expect(body.payload.id).toBe(id) }),
  operation(`PUT ${A}/contacts/{id}`, 'members', '@oneContact', {
    given: contact, body: () => ({ name: 'Grace H.', custom_attributes: { city: 'Hamburg' } }),
    effect: async (w, [id]) => expect((await w.ask('GET', `contacts/${id}`)).payload).toMatchObject({ name: 'Grace H.', custom_attributes: { tier: 'gold', city: 'Hamburg' } }),
  }),
  operation(`DELETE ${A}/contacts/{id}`, 'administrators', 'nothing', { given: contact, effect: async (w, [id]) => { await expect(w.ask('GET', `contacts/${id}`)).rejects.toThrow('answered 404'); } }),
  operation(`GET ${A}/contacts/{id}/conversations`, 'members', '@conversationsOfContact', {
    given: async (w) => { await w.conversation(); return [w.contact.id]; }, effect: (_, __, body) => expect(body.payload.length).toBeGreaterThan(0),
  }),
  operation(`GET ${A}/contacts/{id}/labels`, 'members', '@titles', { given: contact, effect: (_, __, body) => expect(body.payload).toEqual([]) }),
  operation(`POST ${A}/contacts/{id}/labels`, 'members', '@titles', {
    given: contact, body: () => ({ labels: ['donor', 'north'] }), effect: async (w, [id]) => expect((await w.ask('GET', `contacts/${id}/labels`)).payload.sort()).toEqual(['donor', 'north']),
  }),
  operation(`GET ${A}/contacts/search`, 'members', '@foundContacts', { query: () => 'q=ada', effect: (w, _, body) => expect(ids(body)).toContain(w.contact.id) }),
  operation(`POST ${A}/contacts/filter`, 'members', '@contacts', {
    body: () => ({ payload: [{ attribute_key: 'name', filter_operator: 'equal_to', values: ['Ada'], query_operator: null }] }), effect: (w, _, body) => expect(ids(body)).toContain(w.contact.id),
  }),
  operation(`POST ${A}/contacts/{id}/contact_inboxes`, 'members', '@contactInbox', {
    given: contact, body: (w) => ({ inbox_id: w.inbox.id }),
    effect: async (w, [id], body) => expect((await w.ask('GET', `contacts/${id}`)).payload.contact_inboxes.map((one: { source_id: string }) => one.source_id)).toContain(body.source_id),
  }),
  operation(`GET ${A}/contacts/{id}/contactable_inboxes`, 'members', '@contactable', { given: contact, effect: (w, _, body) => expect(body.payload.map((one: { inbox: { id: number } }) => one.inbox.id)).toContain(w.inbox.id) }),
  operation(`POST ${A}/actions/contact_merge`, 'members', '@contact', {
    given: two, body: (_, [base, other]) => ({ base_contact_id: base, mergee_contact_id: other }),
    effect: async (w, [base, other], body) => {
      expect(body.id).toBe(base);
      await expect(w.ask('GET', `contacts/${other}`)).rejects.toThrow('answered 404');
    },
  }),
];
