import { describe, expect, test } from '@jest/globals';
import { answersAsText, withItemsAsText } from '../../channels/contract/items-as-text.js';
import { takeChoice, takeFields } from './answers.js';
import { checkedAttributes } from './check-items.js';
import { FormPatterns } from './form-patterns.js';
import { processorTime } from '../../../test/processor-time.js';

const refusal = (work: () => unknown): string[] => {
  try {
    work();
    return [];
  } catch (problem) {
    return (problem as { attributes: string[] }).attributes;
  }
};

describe('what is asked', () => {
  const items = (contentType: string, ...given: unknown[]) => checkedAttributes(contentType, { items: given })!['items'];

  test('is taken as programs for Chatwoot send it', () => {
    expect(items('input_select', { title: 'Sales', value: 1, icon: 'x' }, { title: 2, value: 'Sales' })).toEqual([{ title: 'Sales', value: 1 }, { title: '2', value: 'Sales' }]);
    const card = { title: 'Shoe', description: '', media_url: null, actions: [{ type: 'link', text: 'See', uri: 'example.org/a' }, { type: 'postback', text: 'Buy', payload: 'BUY' }] };
    expect(items('cards', card)).toEqual([{ title: 'Shoe', actions: [{ type: 'link', text: 'See', uri: 'https://example.org/a' }, card.actions[1]] }]);
    expect(items('form', { name: 'a' }, { name: 'b', type: 'textarea', label: 'B', required: 'true', pattern: null }, { name: 'c', type: 'select', options: ['x', { value: 'y' }] })).toEqual([
      { name: 'a', label: 'a', type: 'text' }, { name: 'b', label: 'B', type: 'text_area', required: true },
      { name: 'c', label: 'c', type: 'select', options: [{ label: 'x', value: 'x' }, { label: 'y', value: 'y' }] },
    ]);
    expect(checkedAttributes('text', { items: 'mine' })).toEqual({ items: 'mine' });
  });

  test.each([
    ['input_select', [], 'items'], ['input_select', [{ title: 'x' }], 'items[0].value'], ['input_select', [{ title: ' ', value: 'x' }], 'items[0].title'], ['input_select', ['x'], 'items[0]'],
    ['input_select', Array(101).fill({ title: 'x', value: 'x' }), 'items'], ['input_select', [{ title: 'x'.repeat(501), value: 1 }], 'items[0].title'], ['cards', [{ title: 'x' }], 'items[0].actions'],
    ['cards', [{ title: 'x', actions: [{ type: 'link', text: 'x', uri: 'javascript:alert(1)' }] }], 'items[0].actions[0].uri'],
    ['cards', [{ title: 'x', actions: [{ type: 'link', text: 'x', uri: 'java\nscript:alert(1)' }] }], 'items[0].actions[0].uri'],
    ['cards', [{ title: 'x', media_url: 'data:image/svg+xml,x', actions: [{ type: 'postback', text: 'x', payload: 'x' }] }], 'items[0].media_url'],
    ['cards', [{ title: 'x', actions: [{ type: 'call', text: 'x' }] }], 'items[0].actions[0].type'], ['article', [{ title: 'x', link: '//example.org' }], 'items[0].link'],
    ['form', [{ name: 'a', type: 'file' }], 'items[0].type'], ['form', [{ name: 'a', type: 'select' }], 'items[0].options'], ['form', [{ name: 'a' }, { name: 'a' }], 'items[1].name'],
    ['form', [{ name: 'a', pattern: '(' }], 'items[0].pattern'],
  ])('%s is refused by the place at fault (%#)', (contentType, given, place) => {
    expect(refusal(() => checkedAttributes(contentType, { items: given }))).toEqual([`content_attributes.${place}`]);
  });
});

describe('an answer', () => {
  const options = [{ title: 'Sales', value: 'team' }, { title: 'Billing', value: 'team' }, { title: 'One', value: 1 }];
  test('is one of the options, in their words', () => {
    expect(takeChoice(options, [{ title: 'Billing', value: 'team' }])).toEqual([options[1]]);
    expect(takeChoice(options, [{ value: '1' }])).toEqual([options[2]]);
    expect(takeChoice(options, [{ title: 'Sales' }])).toEqual([options[0]]);
    for (const wrong of [undefined, [], {}, [{}], [{ value: 'other' }], [{ title: 'Sales', value: 'other' }], [{ value: 'team' }, { value: 1 }], [{ value: { $ne: 1 } }]]) {
      expect([wrong, refusal(() => takeChoice(options, wrong))]).toEqual([wrong, ['submitted_values']]);
    }
  });

  const fields = checkedAttributes('form', { items: [
    { name: 'email', type: 'email', required: true }, { name: 'zip', pattern: '\\d{5}' }, { name: 'food', type: 'select', options: ['pasta'] }, { name: 'more', type: 'text_area' },
  ] })!['items'] as Parameters<typeof takeFields>[0];
  const patterns = new FormPatterns();
  const matching = (pattern: string, value: string): boolean => patterns.matches(3, pattern, value);
  test('fills in what was asked', () => {
    expect(takeFields(fields, [{ name: 'zip', value: 12345 }, { name: 'email', value: ' vi@example.org ' }], matching)).toEqual([
      { name: 'email', value: 'vi@example.org' }, { name: 'zip', value: '12345' }, { name: 'food', value: '' }, { name: 'more', value: '' },
    ]);
    const email = { name: 'email', value: 'vi@example.org' };
    for (const [wrong, place] of [
      [[], '.email'], [[{ name: 'email', value: 'nobody' }], '.email'], [[email, { name: 'zip', value: '123456' }], '.zip'], [[email, { name: 'food', value: 'rice' }], '.food'],
      [[email, { name: 'admin', value: true }], '.admin'], [[email, { name: 'zip', value: 'x'.repeat(1001) }], '.zip'], ['x', ''],
    ] as const) expect(refusal(() => takeFields(fields, wrong, matching))).toEqual([`submitted_values${place}`]);
  });

  test('has the form that was asked for; a pattern without end is stopped and lets people pass', () => {
    const matches = (pattern: string, value: string): boolean => patterns.matches(1, pattern, value);
    expect([matches('(a+)+', 'aaa'), matches('\\p{L}+', 'élan'), matches('[\\w-.]+', 'a-b'), matches('a|b', 'ab'), matches('\\d{5}', '1234')]).toEqual([true, true, true, false, false]);
    const began = processorTime();
    for (let n = 0; n < 50; n++) expect(matches('(a+)+', `${'a'.repeat(60)}!`)).toBe(true);
    // One that rests stands in no other's way.
    expect(matches('\\d{5}', '1234')).toBe(false);
    const many = checkedAttributes('form', { items: Array.from({ length: 50 }, (_, n) => ({ name: `f${n}`, pattern: `(a+)+${n}` })) })!['items'] as Parameters<typeof takeFields>[0];
    expect(takeFields(many, many.map(({ name }) => ({ name, value: `${'a'.repeat(60)}!` })), matches)).toHaveLength(50);
    expect(processorTime() - began).toBeLessThan(5000);
    // That account has no time left to look at anything; others are not concerned.
    expect([matches('\\d{5}', '1234'), patterns.matches(2, '\\d{5}', '1234'), patterns.matches(2, '\\d{5}', '12345')]).toEqual([true, false, true]);
  });

  test('however many accounts there are, a thousand are remembered', () => {
    for (let account = 1; account <= 1100; account++) patterns.matches(account, '\\d', 'x');
    expect((patterns as unknown as { minutes: Map<number, unknown> }).minutes.size).toBe(1000);
  });
});

test('where nothing can be pressed it is told in words', () => {
  const items = [{ title: 'Small\nsize', value: 's' }, { title: 'Large', value: 'l' }];
  expect(withItemsAsText('input_select', 'Which?', { items })).toBe('Which?\n\n- Small size\n- Large');
  expect(withItemsAsText('cards', null, { items: [{ title: 'Shoe', description: 'Blue', actions: [{ type: 'link', text: 'See', uri: 'https://example.org/' }, { type: 'postback', text: 'Buy', payload: 1 }] }] })).toBe('**Shoe**\nBlue\n\n- See: https://example.org/');
  expect(withItemsAsText('form', 'You?', { items: [{ name: 'a', label: 'Name' }, { name: 'f', label: 'Food', type: 'select', options: ['rice', 'pasta'] }] })).toBe('You?\n\n- Name\n- Food (rice, pasta)');
  expect(withItemsAsText('article', '', { items: [{ title: 'Hours', link: 'https://example.org/h', description: 'When' }] })).toBe('- Hours: https://example.org/h (When)');
  expect([withItemsAsText('text', 'x', { items }), withItemsAsText('form', 'x', {})]).toEqual(['x', 'x']);
  expect(answersAsText({ items: [{ name: 'a', label: 'Name' }], submitted_values: [{ name: 'a', value: 'Vi' }, { title: 'Large', value: 'l' }] })).toBe('→ Name: Vi\n→ Large');
});
