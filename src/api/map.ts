import type { Clock } from '../ports/clock.ts';
import type { App, AppDetail, Why } from './contract.ts';
import { mapApp } from './map/app.ts';
import { mapDetail } from './map/detail.ts';
import { instant } from './map/instant.ts';
import { mapWhy } from './map/why.ts';
import type { AppStatus, WhyStatus } from './ports.ts';

/** From the control loop's words to those of the contract. */
export interface Mapper {
  now(): string;
  app(status: AppStatus): App;
  detail(why: Pick<WhyStatus, 'status' | 'startAdvice'>): AppDetail;
  why(why: WhyStatus): Why;
}

export function createMapper(clock: Clock): Mapper {
  const now = () => instant(clock.wallMs());
  const atMono = (monoMs: number) => instant(clock.wallMs() - (clock.monoMs() - monoMs));
  return {
    now,
    app: mapApp,
    detail: (why) => mapDetail(why, now(), atMono),
    why: (why) => mapWhy(why, now(), atMono),
  };
}
