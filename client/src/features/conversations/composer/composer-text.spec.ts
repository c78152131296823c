import { describe, expect, it } from '@jest/globals';
import { triggerAt, withMentions } from './completion';
import { fillSavedText, unfilledIn } from './saved-text';
import { linkTo, makeLink, replaceRange, toggleList, toggleMark, type Edited } from './markdown';

/** `a[b]c`: the brackets are the selection. */
function at(marked: string): Edited {
  const start = marked.indexOf('[');
  const end = marked.indexOf(']') - 1;
  return { text: marked.replace('[', '').replace(']', ''), start, end };
}
const shown = ({ text, start, end }: Edited) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;

describe('marks', () => {
  it('go around the selection and away again', () => {
    const bold = toggleMark(at('say [hello] now'), '**');
    expect(shown(bold)).toBe('say **[hello]** now');
    expect(shown(toggleMark(bold, '**'))).toBe('say [hello] now');
  });
  it('do not take half of a bold for italic', () => {
    expect(shown(toggleMark(at('**[hello]**'), '*'))).toBe('***[hello]***');
    expect(shown(toggleMark(at('***[hello]***'), '*'))).toBe('**[hello]**');
  });
  it('stand around the cursor when nothing is selected', () => {
    expect(shown(toggleMark(at('a[]b'), '`'))).toBe('a`[]`b');
  });
});

it('makes a list of the selected lines and lines of a list', () => {
  const list = toggleList(at('one\ntw[o\nthr]ee\nfour'));
  expect(list.text).toBe('one\n- two\n- three\nfour');
  expect(toggleList(list).text).toBe('one\ntwo\nthree\nfour');
});

it('makes links of words and of addresses', () => {
  expect(shown(makeLink(at('see [this]'), 'link'))).toBe('see [this]([https://])');
  expect(shown(makeLink(at('[https://a.org/x]'), 'link'))).toBe('[[link]](https://a.org/x)');
  expect(linkTo(at('see [this] page'), 'https://a.org/x', 'Hours').text).toBe('see [this](https://a.org/x) page');
  expect(shown(linkTo(at('see []'), 'https://a.org/x', 'Beds [all]'))).toBe('see [Beds \\[all\\]](https://a.org/x)[]');
});

it('puts the cursor behind what it replaced', () => {
  expect(shown(replaceRange('hi :smi you', 3, 7, '😀 '))).toBe('hi 😀 [] you');
});

describe('completion', () => {
  it('begins at a sign that begins a word', () => {
    expect(triggerAt('hi @an', 6, ['@', ':'])).toEqual({ sign: '@', query: 'an', from: 3 });
    expect(triggerAt('@', 1, ['@'])).toEqual({ sign: '@', query: '', from: 0 });
    expect(triggerAt('hi :thum', 8, ['@', ':'])).toEqual({ sign: ':', query: 'thum', from: 3 });
    expect(triggerAt('@José', 5, ['@'])).toEqual({ sign: '@', query: 'José', from: 0 });
  });
  it('leaves addresses, times and text without signs alone', () => {
    expect(triggerAt('me@example', 10, ['@', ':'])).toBeNull();
    expect(triggerAt('at 10:30', 8, ['@', ':'])).toBeNull();
    expect(triggerAt('note :d', 7, ['@', ':'])).toBeNull();
    expect(triggerAt('hi @an', 6, [':'])).toBeNull();
  });
});

describe('mentions', () => {
  const ana = { id: 3, name: 'Ana' };
  const anaMaria = { id: 4, name: 'Ana Maria' };
  it('become links to the person, the longest name first', () => {
    expect(withMentions('@Ana Maria and @Ana, please', [ana, anaMaria])).toBe('[@Ana Maria](mention://user/4/Ana%20Maria) and [@Ana](mention://user/3/Ana), please');
  });
  it('leave other words and unpicked names alone', () => {
    expect(withMentions('@Anabel @Bo', [ana])).toBe('@Anabel @Bo');
    expect(withMentions('@Ana', [])).toBe('@Ana');
  });
});

it('finds a saved reply at the beginning of a word only', () => {
  expect(triggerAt('/', 1, ['/'])).toEqual({ sign: '/', query: '', from: 0 });
  expect(triggerAt('Hello /hou', 10, ['/'])).toEqual({ sign: '/', query: 'hou', from: 6 });
  expect(triggerAt('and/or', 6, ['/'])).toBeNull();
});

it('fills names into a saved text and leaves what it does not know', () => {
  const place = {
    conversation: { id: 7, custom_attributes: { topic: 'Food', list: [1] }, meta: { sender: { id: 3, name: 'Maria Clara Silva', email: null, custom_attributes: { household: 4 } } } }, inbox: { id: 9, name: 'Site' }, account: 'Pantry', agent: { name: 'Bo Lind', email: 'bo@example.org' },
  } as never;
  expect(fillSavedText('Hi {{contact.first_name}} ({{ contact.last_name }}, {{contact.email}}), {{agent.name}}, #{{conversation.id}} {{order.id}}', place)).toBe('Hi Maria (Clara Silva, ), Bo Lind, #7 {{order.id}}');
  expect(fillSavedText('{{contact.id}} {{contact.custom_attribute.household}} {{contact.custom_attribute.none}}{{conversation.custom_attribute.topic}} {{inbox.name}} {{account.name}} {{agent.last_name}} {{agent.email}} {{toString}}', place)).toBe('3 4 Food Site Pantry Lind bo@example.org {{toString}}');
  expect(unfilledIn('{{contact.name}} {{order.id}} {{ order.id }} {{order.id}} {{contact.custom_attribute.none}}', place)).toEqual(['{{order.id}}', '{{ order.id }}']);
  expect(unfilledIn('plain', place)).toEqual([]);
});
