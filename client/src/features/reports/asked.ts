import { computed, ref, watch } from 'vue';
import { useRoute } from 'vue-router';
import { betweenDays, dayOf, groupsFor, lastDays, offsetAt, RANGES, usualGroup, type Group, type Range, type Span } from './report-span';
import type { Asked } from './reports.api';

const DAY = 86_400_000;

/** What the page is asked for: begins with what its address says. */
export function useAsked() {
  const { query } = useRoute();
  const now = new Date();
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  const range = ref<Range>(RANGES.find((value) => value === query.range) ?? '30');
  const from = ref(text(query.from, dayOf(new Date(now.getTime() - 13 * DAY))));
  const to = ref(text(query.to, dayOf(now)));
  const business = ref(query.business === '1');

  const own = computed(() => betweenDays(from.value, to.value));
  const isWrongWayRound = computed(() => range.value === 'own' && !own.value);
  let last: Span = lastDays(30, now);
  const span = computed<Span>(() => {
    const chosen = range.value === 'own' ? own.value : lastDays(Number(range.value), new Date());
    // Half-typed dates change nothing yet.
    return (last = chosen ?? last);
  });
  const fitting = (wanted: unknown): Group => groupsFor(span.value).find((value) => value === wanted) ?? usualGroup(span.value);
  const group = ref<Group>(fitting(query.group));
  watch(span, () => { if (!groupsFor(span.value).includes(group.value)) group.value = usualGroup(span.value); }, { flush: 'sync' });
  watch(range, () => { group.value = usualGroup(span.value); }, { flush: 'sync' });

  const asked = computed<Asked>(() => ({ ...span.value, group: group.value, business: business.value, offset: offsetAt(span.value.until - 1) }));
  return { range, from, to, group, business, asked, isWrongWayRound };
}
