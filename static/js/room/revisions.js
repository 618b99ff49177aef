// Which regions of a live page are behind the meeting, and which answers may replace them. No DOM, no clock.
//
// A region has the revision it was drawn at. An answer has the revision that the server had read before it read the rows,
// so what it shows is at least as new. An answer that is older than the region is dropped; whatever comes in whatever
// order, a region only gets newer, and it stays on the list of what to fetch until it has reached what was announced.

const ROOM = "room"; // contains all other regions

export class Revisions {
  constructor(revision) {
    this.base = revision; // of the whole room
    this.drawn = new Map(); // regions that were drawn alone since
    this.wanted = new Map();
  }

  at(region) { return Math.max(this.base, this.drawn.get(region) ?? 0); }

  // The stream named a region that changed.
  announce(region, revision) { this.wanted.set(region, Math.max(revision, this.wanted.get(region) ?? 0)); }

  // Regions to fetch now.
  behind() {
    if ((this.wanted.get(ROOM) ?? 0) > this.base) return [ROOM];
    return [...this.wanted].filter(([region, revision]) => revision > this.at(region)).map(([region]) => region);
  }

  // Whether an answer is shown. If so, it counts as drawn.
  take(region, revision) {
    const newest = region === ROOM ? Math.max(this.base, ...this.drawn.values()) : this.at(region);
    if (revision < newest) return false;
    if (region === ROOM) { this.base = revision; this.drawn.clear(); }
    else this.drawn.set(region, revision);
    return true;
  }
}
