/* Time: a histogram with two handles, play, and what has no date. */
(function (gm) {
  "use strict";

  const { button, make } = gm;
  // Bars are some pixels wide; a bar stands for whole days.
  const BINS = 90;
  // A few far dates must not squeeze all others: the scale ends where all but so many lie.
  const OUTSIDE = 0.005;
  const STEPS = 40;
  const TICK = 120;
  const CALM_TICK = 900;

  /* First and last day of the scale, or null where nothing, or all, lies on one day. */
  function spanOf(view) {
    const { first, last } = view.data.columns;
    const { noDay } = view.scene;
    const days = [];
    for (let i = 0; i < view.data.count; i += 1) {
      if (first[i] !== noDay) days.push(first[i]);
      if (last[i] !== noDay) days.push(last[i]);
    }
    if (!days.length) return null;
    days.sort((a, b) => a - b);
    const at = (share) => days[Math.min(days.length - 1, Math.floor(share * days.length))];
    let [from, to] = [days[0], days[days.length - 1]];
    const [low, high] = [at(OUTSIDE), at(1 - OUTSIDE)];
    if (to - from > 4 * (high - low) && high > low) [from, to] = [low, high];
    return to > from ? { from, to } : null;
  }

  /* Marks with a day in dark, those of a longer interval spread over its bars in light. */
  function histogram(view, { from, to, bins }) {
    const { first, last } = view.data.columns;
    const { noDay } = view.scene;
    const wide = (to - from + 1) / bins;
    const sure = new Float32Array(bins);
    const spread = new Float32Array(bins + 1);
    const binOf = (day) => Math.max(0, Math.min(bins - 1, Math.floor((day - from) / wide)));
    const { mask } = view;
    for (let i = 0; i < mask.length; i += 1) {
      if ((mask[i] & gm.KEPT) === 0) continue;
      const a = first[i] === noDay ? last[i] : first[i];
      const b = last[i] === noDay ? first[i] : last[i];
      // What has no date at all lies before any scale.
      if (b < from || a > to) continue;
      const low = binOf(a);
      const high = a === b ? low : binOf(b);
      if (low === high) sure[low] += 1;
      else {
        spread[low] += 1 / (high - low + 1);
        spread[high + 1] -= 1 / (high - low + 1);
      }
    }
    for (let bin = 1; bin < bins; bin += 1) spread[bin] += spread[bin - 1];
    return { sure, spread };
  }

  function paintHistogram(view, time) {
    const { canvas } = time;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const { sure, spread } = histogram(view, time);
    const { from, to, bins } = time;
    const most = sure.reduce((max, value, i) => Math.max(max, value + spread[i]), 1);
    const bar = width / bins;
    const days = (to - from + 1) / bins;
    const chosen = chosenDays(view, time);
    for (let i = 0; i < bins; i += 1) {
      const day = from + i * days;
      context.globalAlpha = day + days > chosen.from && day <= chosen.to ? 1 : 0.28;
      const dark = ((height - 2) * sure[i]) / most;
      const light = ((height - 2) * spread[i]) / most;
      context.fillStyle = view.colours.bar;
      context.fillRect(i * bar, height - dark, Math.max(1, bar - 1), dark);
      context.fillStyle = view.colours.barlight;
      context.fillRect(i * bar, height - dark - light, Math.max(1, bar - 1), light);
    }
  }

  function chosenDays(view, time) {
    const { from, to } = view.filter;
    return { from: from === null ? time.from : from, to: to === null ? time.to : to };
  }

  /* A handle at the end of the scale sets no limit: what lies beyond is shown too. */
  function choose(view, time, from, to) {
    view.filter.from = from <= time.from ? null : from;
    view.filter.to = to >= time.to ? null : to;
    sync(view, time);
    view.refreshSoon();
  }

  function sync(view, time) {
    const { from, to } = chosenDays(view, time);
    const whole = view.filter.from === null && view.filter.to === null;
    const put = (input, day) => {
      input.value = day;
      input.setAttribute("aria-valuetext", gm.dayWords(day));
    };
    put(time.low, from);
    put(time.high, to);
    const share = (day) => (100 * (day - time.from)) / (time.to - time.from) + "%";
    time.range.style.setProperty("--gm-low", share(from));
    time.range.style.setProperty("--gm-high", share(to));
    time.words.textContent = (whole ? "All dates: " : "") + gm.dayWords(from) + " – " + gm.dayWords(to);
    time.reset.hidden = whole;
  }

  function handle(view, time, label) {
    const input = make("input", "gm-handle");
    input.type = "range";
    [input.min, input.max, input.step] = [time.from, time.to, 1];
    input.setAttribute("aria-label", label);
    input.addEventListener("input", () => {
      stop(time);
      const [low, high] = [Number(time.low.value), Number(time.high.value)];
      if (input === time.low) choose(view, time, Math.min(low, high), high);
      else choose(view, time, low, Math.max(low, high));
    });
    return input;
  }

  /* ---- play ---- */

  function stop(time) {
    clearInterval(time.timer);
    time.timer = 0;
    time.play.textContent = "▶";
    time.play.setAttribute("aria-label", "Play");
  }

  /* The chosen stretch moves on, as wide as it is; all dates start with a tenth of them. */
  function play(view, time) {
    if (time.timer) {
      stop(time);
      return;
    }
    const chosen = chosenDays(view, time);
    const whole = time.to - time.from;
    const wide = chosen.to - chosen.from >= whole ? Math.ceil(whole / 10) : chosen.to - chosen.from;
    let at = chosen.to >= time.to ? time.from : chosen.from;
    const step = () => {
      choose(view, time, at, Math.min(at + wide, time.to));
      if (at + wide >= time.to) stop(time);
      at += Math.max(1, Math.round(whole / STEPS));
    };
    time.play.textContent = "❚❚";
    time.play.setAttribute("aria-label", "Pause");
    time.timer = setInterval(step, gm.calm() ? CALM_TICK : TICK);
    step();
  }

  function undatedTick(view) {
    let count = 0;
    for (let i = 0; i < view.data.count; i += 1) if (!gm.isDated(view, i)) count += 1;
    if (!count) return null;
    const box = make("input");
    box.type = "checkbox";
    box.checked = view.filter.undated;
    box.addEventListener("change", () => {
      view.filter.undated = box.checked;
      view.refresh();
    });
    return make("label", "gm-undated", box, "Undated (" + gm.written(count) + ")");
  }

  function timeOf(view) {
    const span = spanOf(view);
    if (!span) return null;
    const time = { ...span, bins: Math.min(BINS, span.to - span.from + 1), timer: 0 };
    time.canvas = make("canvas", "gm-histogram");
    time.canvas.setAttribute("aria-hidden", "true");
    time.low = handle(view, time, "From");
    time.high = handle(view, time, "Until");
    time.play = button("gm-play", "▶", () => play(view, time));
    time.play.setAttribute("aria-label", "Play");
    time.words = make("span", "gm-time-words");
    time.reset = button("gm-more", "All dates", () => {
      stop(time);
      choose(view, time, time.from, time.to);
      time.play.focus();
    });
    time.range = make("div", "gm-range", time.canvas, make("div", "gm-track"), time.low, time.high);
    const foot = make("div", "gm-time-foot", time.words, time.reset, undatedTick(view));
    time.node = make("section", "gm-time", time.play, make("div", "gm-time-body", time.range, foot));
    time.node.setAttribute("aria-label", "Time");
    time.paint = () => paintHistogram(view, time);
    time.sync = () => sync(view, time);
    time.sync();
    L.DomEvent.disableClickPropagation(time.node).disableScrollPropagation(time.node);
    return time;
  }

  gm.timeOf = timeOf;
})((window.geomapViewer = window.geomapViewer || {}));
