import type { Feature } from '../../app/features';

/** Other programs: what they are told, what answers by itself, what lets them in. Its pages stand among the settings. */
export default { name: 'integrations' } satisfies Feature;
