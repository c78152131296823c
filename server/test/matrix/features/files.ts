import type { Feature } from '../feature.js';

export default {
  doors: [
    { under: '/files/', because: 'demands a signed address' },
    { under: '/remote-pictures/', because: 'demands an address that only we can sign' },
    { under: '/avatars/', because: 'demands a name that nobody can guess' },
  ],
  routes: {
    'GET /files/{token}/{name}': { params: () => ({ token: 'forged', name: 'x.png' }), answers: 404 },
    'GET /remote-pictures/{token}': { params: () => ({ token: 'none' }), answers: 404 },
    'GET /avatars/{owner}/{name}': { params: () => ({ owner: '1', name: 'x.webp' }), answers: 404 },
  },
} satisfies Feature;
