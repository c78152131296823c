import { h, type FunctionalComponent } from 'vue';

/** Outlines on a 24 px grid, after lucide (ISC). */
const shapes = {
  close: 'M18 6 6 18M6 6l12 12',
  back: 'm15 18-6-6 6-6',
  forward: 'm9 18 6-6-6-6',
  send: 'M22 2 11 13M22 2l-7 20-4-9-9-4z',
  clip: 'm21 12-9 9a5.5 5.5 0 0 1-8-8l9-9a3.7 3.7 0 0 1 5 5l-9 9a2 2 0 0 1-3-3l8-8',
  smile: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM8 14s1.5 2 4 2 4-2 4-2M9 9h0M15 9h0',
  file: 'M14 2H6v20h12V6zM14 2v4h4',
  clock: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM12 6v6l4 2',
  check: 'M20 6 9 17l-5-5',
  seen: 'M17 6 7 17l-5-5M22 9l-8 8-2-2',
  alert: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM12 7v6M12 17h0',
  mail: 'M2 5h20v14H2zM2 6l10 8 10-8',
  down: 'M12 5v14M19 12l-7 7-7-7',
};

/** A decorative icon; the control around it has the name. Those that point are mirrored in right-to-left. */
export const Icon: FunctionalComponent<{ name: keyof typeof shapes }> = ({ name }) =>
  h('svg', { class: ['icon', (name === 'back' || name === 'forward' || name === 'send') && 'mirrored'], viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    h('path', { d: shapes[name] }));
