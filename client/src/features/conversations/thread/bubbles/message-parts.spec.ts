import { expect, it } from '@jest/globals';
import type { Attachment, Message } from '../../../../api/types';
import { partsOf } from './message-parts';

const message = (more: Partial<Message>) => ({ content: null, content_attributes: {}, message_type: 0, ...more }) as Message;
const file = (file_type: string, data_url = '/files/x') => ({ id: 1, file_type, data_url }) as Attachment;
const kinds = (more: Partial<Message>) => partsOf(message(more)).map(({ kind }) => kind);

it('shows the text, then the files', () => {
  expect(kinds({ content: 'hi', attachments: [file('image'), file('audio'), file('file')] })).toEqual(['text', 'image', 'audio', 'file']);
});

it('shows a picture once: where the text has it', () => {
  const picture = { ...file('image'), file_name: 'my plan.png' } as Attachment;
  expect(kinds({ content: 'see ![](cid:my%20plan.png)', message_type: 1, attachments: [picture, file('image')] })).toEqual(['text', 'image']);
});

it('shows a mail as a mail, and its pictures once', () => {
  const email = { subject: '', from: ['vi@example.org'], to: [], cc: [], html_content: { full: null, reply: '<img data-cid="1">' }, inline_names: ['dot.png'] };
  const picture = { ...file('image'), file_name: 'dot.png' } as Attachment;
  expect(kinds({ content: 'see', content_attributes: { email } as never, attachments: [picture, file('image')] })).toEqual(['mail', 'image']);
  expect(kinds({ content: 'see', content_attributes: { email: { ...email, html_content: null } } as never, attachments: [picture] })).toEqual(['mail', 'image']);
});

it('shows what there is to choose below the text, and without any', () => {
  expect(kinds({ content: 'Which?', content_type: 'input_select', message_type: 1 })).toEqual(['text', 'interactive']);
  expect(kinds({ content_type: 'cards', message_type: 1 })).toEqual(['interactive']);
  expect(kinds({ content: 'How was it?', content_type: 'input_csat', message_type: 3 })).toEqual(['text', 'interactive']);
});

it('shows nothing of a deleted message', () => {
  expect(kinds({ content: 'secret', content_attributes: { deleted: true }, attachments: [file('image')] })).toEqual(['deleted']);
});

it('never swallows what it does not know', () => {
  expect(kinds({ attachments: [file('hologram')] })).toEqual(['unknown']);
  expect(kinds({ attachments: [file('image', '')] })).toEqual(['unknown']);
  expect(kinds({})).toEqual(['unknown']);
});
