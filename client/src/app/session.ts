import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { ApiError, asApiError } from '../api/errors';
import { fetchInstallation, fetchProfile, setActiveAccount, signOut, updateProfile } from '../api/identity';
import type { Availability, Installation, Membership, User } from '../api/types';
import { currentLanguage, useLanguage } from './i18n';

/** Who is signed in, in which account, on what kind of installation. */
export const useSession = defineStore('session', () => {
  const user = shallowRef<User | null>(null);
  const installation = shallowRef<Installation | null>(null);
  const accountId = ref<number | null>(null);
  /** Why the first look at the session failed (offline, server down); the frame offers to try again. */
  const startError = shallowRef<ApiError>();
  let started: Promise<void> | undefined;

  const membership = computed<Membership | null>(() => user.value?.accounts.find((account) => account.id === accountId.value) ?? null);
  const isAdministrator = computed(() => membership.value?.role === 'administrator');
  const homeAccountId = computed(() => {
    const accounts = user.value?.accounts ?? [];
    return accounts.find((account) => account.id === user.value?.account_id)?.id ?? accounts[0]?.id ?? null;
  });

  /** Looks once whether there is a session; later calls wait for the same answer. */
  function start(): Promise<void> {
    started ??= look().catch((error: unknown) => {
      started = undefined;
      startError.value = asApiError(error);
      throw error;
    });
    return started;
  }
  async function look(): Promise<void> {
    try {
      adopt(await fetchProfile());
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      user.value = null;
    }
    startError.value = undefined;
  }

  /** Takes a fresh profile (after sign-in, after a save) and follows its language. */
  function adopt(profile: User): void {
    user.value = profile;
    if (profile.locale) void useLanguage(profile.locale);
    if (!profile.locale || !profile.timezone) void fillPlace(profile);
  }
  let isPlaceFilled = false;
  /** Somebody new gets the language and time zone of the first browser they come with; both can be changed in the profile. */
  async function fillPlace({ id, locale, timezone }: User): Promise<void> {
    if (isPlaceFilled) return;
    isPlaceFilled = true;
    const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const stored = await updateProfile({ ...(!locale && { locale: currentLanguage() }), ...(!timezone && device && { timezone: device }) }).catch(() => null);
    if (stored && user.value?.id === id) user.value = { ...user.value, locale: stored.locale, timezone: stored.timezone };
  }
  async function refresh(): Promise<void> {
    adopt(await fetchProfile());
  }
  /** True when the server no longer knows this session; a 401 may also mean "not your right". */
  async function isOver(): Promise<boolean> {
    try {
      await refresh();
      return false;
    } catch (error) {
      return error instanceof ApiError && error.status === 401;
    }
  }
  function forget(): void {
    user.value = null;
    isPlaceFilled = false;
    accountId.value = null;
    started = Promise.resolve();
  }
  /** Ends the session here even when the server cannot be reached. */
  async function leave(): Promise<void> {
    await signOut().catch(() => undefined);
    forget();
  }
  function enterAccount(id: number): void {
    if (accountId.value === id) return;
    accountId.value = id;
    if (user.value && user.value.account_id !== id) void setActiveAccount(id).catch(() => undefined);
  }
  function noteAvailability(availability: Availability): void {
    if (!user.value) return;
    const accounts = user.value.accounts.map((account) => (account.id === accountId.value ? { ...account, availability, availability_status: availability } : account));
    user.value = { ...user.value, accounts };
  }
  async function loadInstallation(): Promise<Installation> {
    installation.value ??= await fetchInstallation();
    return installation.value;
  }

  return { user, installation, accountId, startError, membership, isAdministrator, homeAccountId, start, adopt, refresh, isOver, forget, leave, enterAccount, noteAvailability, loadInstallation };
});
