import { describe, expect, test } from '@jest/globals';
import type { WireMessage } from '../api/wire';
import { fileName, fileSize } from './file-facts';
import { groupByDay } from './grouping';
import { mergeMessages } from './merge';

const noon = new Date(2026, 10, 20, 12).getTime() / 1000;
const maria = { id: 1, name: 'Maria' };
const message = (id: number, more: Partial<WireMessage> = {}): WireMessage =>
  ({ id, content: `m${id}`, message_type: 1, content_type: 'text', created_at: noon + id, sender: maria, ...more });

describe('the thread', () => {
  test('groups by sender and day, and after a pause', () => {
    const days = groupByDay([
      message(1), message(2), message(3, { message_type: 0, sender: { id: 1, name: 'Visitor' } }), message(4), message(5, { sender: { id: 2, name: 'Tom' } }),
      message(6, { sender: { id: 2, name: 'Tom' }, created_at: noon + 3600 }), message(7, { created_at: noon + 86_400 }),
    ]);
    expect(days.map((day) => day.groups.map((group) => group.messages.map((one) => one.id)))).toEqual([[[1, 2], [3], [4], [5], [6]], [[7]]]);
    expect(days[0]!.groups[1]!.own).toBe(true);
  });

  test('merges by id: the newer copy wins, order by id, notes and activity stay out', () => {
    const merged = mergeMessages([message(1), message(3)], [message(2), message(3, { content: 'edited' }), message(4, { private: true }), message(5, { message_type: 2 })]);
    expect(merged.map((one) => one.content)).toEqual(['m1', 'm2', 'edited']);
  });

  test('files have a name and a size people can read', () => {
    expect(fileName({ id: 1, file_type: 'file', data_url: '/files/t0k/price%20list.pdf?x=1' })).toBe('price list.pdf');
    expect(fileName({ id: 1, file_type: 'file', data_url: '/files/t0k/100%.pdf' })).toBe('100%.pdf');
    expect(fileSize(5, 'en')).toBe('1 kB');
    expect(fileSize(2_440_000, 'de')).toBe('2,4 MB');
  });
});
