/// How the review page looks: dark, so that grey is judged on dark as in a reading room.
enum ReviewStyle {
  static let text = #"""
    :root { color-scheme: dark; }
    * { box-sizing: border-box; }
    html, body { height: 100%; }
    body { margin: 0; background: #111; color: #eee; font: 14px/1.35 system-ui, sans-serif;
      display: flex; flex-direction: column; }
    header { padding: 6px 14px; background: #1c1c1c; border-bottom: 1px solid #444; display: flex;
      gap: 6px 18px; align-items: baseline; flex-wrap: wrap; }
    h1 { margin: 0; font-size: 18px; }
    h2 { margin: 14px 0 4px; font-size: 14px; color: #cfd8ff; }
    #side h2:first-child { margin-top: 0; }
    #summary { color: #ffd54a; }
    #keys { margin-left: auto; color: #c4c4c4; font-size: 12px; }
    main { flex: 1; min-height: 0; display: grid; gap: 14px; padding: 10px 14px;
      grid-template-columns: minmax(380px, calc(100vh - 150px)) minmax(200px, 270px) minmax(380px, 1fr); }
    #viewer, #across { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    #frame { position: relative; flex: 1; min-height: 200px; background: #000; overflow: hidden;
      display: flex; align-items: center; justify-content: center; cursor: crosshair; }
    #frame.zoomed { cursor: grab; }
    #content { position: relative; flex: none; isolation: isolate; }
    #content > * { position: absolute; inset: 0; width: 100%; height: 100%; }
    #content .slice, #content .burned { isolation: isolate; }
    #content .slice img, #content .burned { position: absolute; inset: 0; width: 100%; height: 100%; }
    #content.bare .burned { visibility: hidden; }
    #content.difference .burned { mix-blend-mode: difference; }
    #content .outline { fill: none; stroke: #fff; stroke-width: 1.2; stroke-dasharray: 5 4;
      vector-effect: non-scaling-stroke; paint-order: stroke; pointer-events: none; }
    #content .outline.under { stroke: #000; stroke-width: 2.6; stroke-dasharray: none; opacity: .6; }
    .sharp { image-rendering: pixelated; }
    #fault { position: absolute; left: 12px; right: 12px; top: 40%; margin: 0; padding: 10px;
      background: #7a1010; color: #fff; font-weight: bold; text-align: center; }
    [hidden] { display: none !important; }
    .controls { display: flex; gap: 8px; align-items: center; padding-top: 8px; flex-wrap: wrap; }
    .controls input[type=range] { flex: 1 1 160px; min-width: 120px; accent-color: #7aa2ff; }
    #names { color: #c4c4c4; font-size: 12px; flex: 1 1 100%; min-height: 1.35em; }
    button { background: #2b2b2b; color: #fff; border: 1px solid #8a8a8a; border-radius: 4px;
      padding: 3px 9px; font: inherit; cursor: pointer; }
    button[aria-pressed=true] { background: #2d4da3; border-color: #9bb6ff; }
    :focus-visible { outline: 3px solid #ffd54a; outline-offset: 1px; }
    output { min-width: 13em; font-variant-numeric: tabular-nums; }
    #across { gap: 8px; overflow: auto; }
    #across > * { flex: none; }
    #across h2 { margin: 6px 0 0; }
    figure { margin: 0; }
    .cut { position: relative; background: #000; cursor: crosshair; margin: 0 auto;
      width: min(100%, (50vh - 75px) * var(--ratio)); }
    .cut img, .cut svg { position: absolute; inset: 0; width: 100%; height: 100%; }
    .cross { fill: none; stroke: #fff; stroke-width: 1; vector-effect: non-scaling-stroke;
      stroke-dasharray: 6 5; opacity: .8; }
    .letter { position: absolute; font-size: 12px; text-shadow: 0 0 3px #000, 0 0 3px #000; }
    .left { left: 3px; top: 46%; } .right { right: 3px; top: 46%; }
    .top { top: 1px; left: 49%; } .bottom { bottom: 1px; left: 49%; }
    figcaption { color: #d0d0d0; font-size: 12px; }
    #side { overflow: auto; min-width: 0; padding-right: 6px; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: 2px 8px 2px 0;
      border-bottom: 1px solid #333; font-weight: normal; overflow-wrap: anywhere; }
    th { color: #c4c4c4; }
    th[scope=col] { font-size: 12px; }
    #targets, #isodoses { font-size: 12px; }
    #targets th, #targets td { padding-right: 4px; }
    #targets td, #isodoses td { white-space: nowrap; font-variant-numeric: tabular-nums; }
    #targets th, #isodoses th { overflow-wrap: normal; }
    #isodoses th[scope=row] { white-space: nowrap; }
    #course { font-size: 13px; }
    #course th { width: 27%; }
    #course th { overflow-wrap: normal; }
    #checks th, #checks td { display: block; padding: 0; }
    #checks th { border: 0; padding-top: 4px; }
    #checks td { padding-bottom: 4px; }
    #checks b { display: inline-block; min-width: 6em; }
    tr.pass b { color: #8fd19e; font-weight: normal; }
    tr.warning b { color: #ffd54a; }
    tr.failure b, tr.overridden b { color: #ff9d8a; }
    ol { margin: 0; padding-left: 22px; }
    .region { font-size: 13px; padding: 3px 6px; text-align: left; }
    li { padding: 2px 0; }
    p { margin: 4px 0; }
    .note { color: #c4c4c4; font-size: 12px; }
    .swatch { display: inline-block; width: 24px; height: 4px; margin-right: 6px;
      vertical-align: middle; outline: 1px solid #000; }
    .key { width: 18px; height: 6px; margin-right: 4px; vertical-align: middle; }
    #dvh { width: 100%; max-width: 520px; display: block; }
    #dvh text { fill: #d0d0d0; font: 11px system-ui, sans-serif; }
    #dvh .grid { stroke: #3a3a3a; stroke-width: 1; fill: none; }
    .loosened { color: #ffd54a; }
    kbd { border: 1px solid #777; border-radius: 3px; padding: 0 4px; font-size: 11px; }
    @media (max-width: 1100px) {
      body { height: auto; }
      main { display: block; }
      /* no taller than it is wide: a basis of its own, since nothing here has a height to fill */
      #frame { flex: none; height: min(70vh, 100vw); }
      #across { flex-flow: row wrap; padding: 10px 0; overflow: visible; }
      #across > h2, #across > .note, #across > ol { flex: 1 1 100%; }
    }
    """#
}
