import { describe, expect, test } from '@jest/globals';
import { processorTime } from '../../../test/processor-time.js';
import { hashPassword, passwordMatches } from './password-hash.js';
import { demandGoodPassword, isGuessable } from './password.policy.js';

const CONTEXT = ['Jo Harrington-Lee', 'jo.harrington@foodbank-leeds.org', 'Foodbank Leeds'];

// Of at least 12 characters, as they stand in lists of leaked passwords.
const LEAKED = `
123456789012 1234567890123 111111111111 000000000000 121212121212 123123123123 123456123456 987654321012 112233445566 147258369147 qwertyuiop12 qwertyuiop123 qwertyuiopas
qwerty123456 qwerty1234567 1234567890qwerty 1q2w3e4r5t6y 1q2w3e4r5t6y7u q1w2e3r4t5y6 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv asdfghjkl123 asdfghjkl1234 zxcvbnm12345
asdfghjklzxcvbnm abcdefghijkl abcdefghijklmn abcd1234abcd abc123abc123 aaaaaaaaaaaa aaaaaa111111 password1234 password12345 passwordpassword Password123! Password1234! P@ssw0rd1234 P@ssword12345
p4ssw0rd2024 passw0rd12345 mypassword123 password!2024 Passwort1234 motdepasse123 contraseña123 contrasena1234 wachtwoord123 welcome12345 Welcome2024! Welcome123456 willkommen123 bienvenue1234
letmein12345 letmein123456 changeme1234 changemenow1 iloveyou1234 iloveyou12345 iloveyoubaby iloveyouforever ichliebedich tequieromucho jetaime12345 sunshine1234 sunshine12345 princess1234 princess12345
football1234 football12345 baseball1234 basketball12 basketball123 volleyball12 liverpool123 liverpool1892 manchesterunited arsenal12345 chelsea12345 barcelona123 barcelona1899 realmadrid12 juventus1897
michaeljordan michael12345 jennifer1234 christopher1 christopher12 alexander123 elizabeth123 charlotte123 jesuschrist1 jesus1234567 godisgood123 administrator administrator1 admin1234567 admin@123456
superman1234 superman12345 batman123456 spiderman123 starwars1234 pokemon12345 dragon123456 master123456 monkey123456 shadow123456 butterfly123 chocolate123 cookie123456 unbelievable
harrypotter1 harrypotter12 hellokitty12 hellokitty123 spongebob123 winniethepooh snoopdogg123 minecraft123 fortnite1234 playstation3 playstation123 xbox360xbox360 facebook1234 google123456
summer2024!! Summer202424 winter202324 autumn202425 spring2024!! January2024! september123 december2024 monday123456 freedom12345 whatever1234 computer1234 internet1234 trustno1trustno1
fuckyou12345 fuckyou123456 asshole12345 bullshit1234 blink182blink182 metallica123 eminem123456 slipknot1234 newyork12345 california12 deutschland1 germany12345 america12345
porchlight12 porchlight2026 Porchlight2026! helpdesk1234 supportagent1 customer12345`.trim().split(/\s+/);

const OF_CONTEXT = ['foodbankleeds', 'FoodbankLeeds1', 'foodbank2026!', 'leedsfoodbank', 'harrington2026', 'Harrington123!', 'joharrington', 'jo.harrington1', 'harringtonlee1', 'leeharrington', 'porchlight2026', 'F00dbank2026!'];

const FINE = ['correct horse battery staple', 'lantern over the quiet harbour', 'mein Fahrrad hat sieben Gänge', 'le chat dort sous la lampe bleue', 'tres tristes tigres tragaban trigo', 'قطة تنام تحت المصباح', '猫は窓の近くで静かに眠っていますよ',
  'xK9#mQ2vL$8pR', 'vivid-otter-plays-chess', '🦊 likes 🍎 and rain', 'Zug nach Nirgendwo um 8:15', 'seven wet umbrellas', 'glacier-tango-47-mango', 'w7dq-93lk-pp2x', 'tomato paste & thunder', 'ünder the mügic oak tree'];

describe('passwords that are easy to guess', () => {
  test.each(LEAKED)('%s', (password) => { expect(isGuessable(password)).toBe(true); });
  test.each(OF_CONTEXT)('%s, knowing the person', (password) => { expect(isGuessable(password, CONTEXT)).toBe(true); });
});

test.each(FINE)('"%s" is fine', (password) => { expect(() => demandGoodPassword(password, CONTEXT)).not.toThrow(); });

test('length counts characters, not bytes', () => {
  expect(() => demandGoodPassword('elf zeichen', [])).toThrow('at least 12');
  expect(() => demandGoodPassword('🦊🍎🌧🎻🚲🧊🦉🥨🎈🪴🧭', [])).toThrow('at least 12');
  expect(() => demandGoodPassword('🦊🍎🌧🎻🚲🧊🦉🥨🎈🪴🧭🛶', [])).not.toThrow();
  expect(() => demandGoodPassword('ab cd ef gh '.repeat(10) + 'iklmnopq', [])).not.toThrow();
  expect(() => demandGoodPassword('a1 b2 c3 d4 '.repeat(11), [])).toThrow('at most 128');
});

test('ten thousand characters are refused without hashing or long thinking', () => {
  const times = [1, 2, 3].map(() => {
    const start = processorTime();
    expect(() => demandGoodPassword('x7'.repeat(5000), CONTEXT)).toThrow('at most 128');
    return processorTime() - start;
  });
  // One of them may meet the collection of somebody else's garbage.
  expect(Math.min(...times)).toBeLessThan(50);
});

test('every character of a long passphrase counts, and one text typed in two forms is one', async () => {
  const long = 'lantern over the quiet harbour and '.repeat(3);
  const digest = await hashPassword(`${long}é`);
  expect(digest).toMatch(/^\$2b\$12\$/);
  expect(await passwordMatches(`${long}é`, digest)).toBe(true);
  expect(await passwordMatches(`${long}é`.normalize('NFD'), digest)).toBe(true);
  expect(await passwordMatches(`${long}e`, digest)).toBe(false);
  expect(await passwordMatches(long, null)).toBe(false);
});
