import { expect, test } from '@jest/globals';
import { listPdf } from './demo-files.js';
import { planDemo } from './demo-plan.js';

const NOW = new Date('2026-03-10T12:00:00Z');

test('the plan is the same every time, covers 60 days and nothing lies in the future', () => {
  const plan = planDemo(NOW);
  expect(planDemo(NOW)).toEqual(plan);
  expect(plan).toHaveLength(300);
  const times = plan.flatMap((c) => c.messages.map((m) => m.at.getTime()));
  expect(Math.max(...times)).toBeLessThan(NOW.getTime());
  expect(NOW.getTime() - Math.min(...times)).toBeGreaterThan(58 * 86_400_000);
});

test('every tab, inbox and status has something to show', () => {
  const plan = planDemo(NOW);
  for (const status of [0, 1, 2, 3]) expect(plan.filter((c) => c.status === status).length).toBeGreaterThan(1);
  for (const inbox of [0, 1, 2]) expect(plan.filter((c) => c.inbox === inbox).length).toBeGreaterThan(5);
  expect(plan.filter((c) => c.assignee === null && c.status === 0).length).toBeGreaterThan(2);
  expect(new Set(plan.map((c) => c.contact.locale)).size).toBeGreaterThanOrEqual(6);
});

test('no text is left with an unfilled word, and messages are in order', () => {
  for (const { messages } of planDemo(NOW)) {
    for (const [i, message] of messages.entries()) {
      expect(message.text).not.toMatch(/[{}]/);
      expect(message.at.getTime()).toBeGreaterThanOrEqual(messages[Math.max(0, i - 1)]!.at.getTime());
    }
  }
});

test('the list is a readable PDF', () => {
  const pdf = listPdf('What we need (this week)', ['Oil', 'Coffee']).toString('latin1');
  const start = Number(/startxref\n(\d+)/.exec(pdf)![1]);
  expect(pdf.slice(start, start + 4)).toBe('xref');
});
