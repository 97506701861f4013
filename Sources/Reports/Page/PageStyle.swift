/// The style sheet of the page: phone first, light and dark, paper.
enum PageStyle {
    static let css = colors + layout + tables + wide + paper

    /// The class `light` is set while printing, so that paper never gets the dark colours.
    private static let colors = """
        :root{color-scheme:light dark;--bg:#f4f6f8;--card:#fff;--ink:#17212b;--soft:#566473;--line:#dfe4ea;--grid:#e8ecf0;
        --accent:#0a66c2;--second:#d97300;--third:#0e8a6e;--muted:#8794a2;--warning:#946600;--danger:#c4313a;--good:#0e8a6e;
        --c0:#2f6fb2;--c1:#d97300;--c2:#159a80;--c3:#b7418e;--c4:#7159c1;--c5:#8f8a1a;--c6:#c9363e;--c7:#1b9ec2;--c8:#8b5e3c;--c9:#6b7785;
        --h0:#f1f5fa;--h1:#dbe8f4;--h2:#c1d9ee;--h3:#a1c8e6;--h4:#7cb2da;--h5:#5d9fd0;--h6:#2d75b3;--h7:#1f64a8;--h8:#124e8f;--h9:#0a376b;
        --hlow:#17212b;--hhigh:#fff;--shade:rgba(23,33,43,.3)}
        @media screen and (prefers-color-scheme:dark){:root:not(.light){--bg:#0d1319;--card:#151d26;--ink:#e6ecf2;--soft:#9ba8b5;--line:#27323d;
        --grid:#222c36;--accent:#58a6f5;--second:#f3a046;--third:#35c2a0;--muted:#8593a1;--warning:#e0b040;--danger:#f2727b;--good:#35c2a0;
        --c0:#6aa9e8;--c1:#f3a046;--c2:#3cc7a6;--c3:#e07fbe;--c4:#a694ec;--c5:#c9c356;--c6:#f2727b;--c7:#55c5e6;--c8:#c99a74;--c9:#a3afbb;
        --h0:#1a2531;--h1:#1d3043;--h2:#213e58;--h3:#264d6e;--h4:#2b5c84;--h5:#326c9a;--h6:#4c90c6;--h7:#66a8dc;--h8:#8ec3ec;--h9:#c2e2fb;
        --hlow:#e6ecf2;--hhigh:#0d1319;--shade:rgba(0,0,0,.75)}}

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;scroll-padding-top:3.4rem;-webkit-text-size-adjust:100%}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        .skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:9}
        header,main,footer,nav>div{max-width:1240px;margin:0 auto;padding:0 1rem}
        header{padding-top:1.6rem;padding-bottom:1rem}
        .brand{margin:0;color:var(--accent);font-weight:650;font-size:.8rem;letter-spacing:.07em;text-transform:uppercase}
        h1{margin:.1rem 0 .3rem;font-size:clamp(1.7rem,5vw,2.6rem);line-height:1.15;letter-spacing:-.02em;overflow-wrap:anywhere}
        .about{margin:0 0 .7rem;color:var(--soft);max-width:65ch}
        .facts{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;margin:0;padding:0;font-size:.86rem;color:var(--soft)}
        nav{position:sticky;top:0;z-index:5;background:var(--bg);border-bottom:1px solid var(--line)}
        nav>div{display:flex;gap:1.15rem;overflow-x:auto;scrollbar-width:none}
        nav a{flex:none;padding:.65rem 0;font-size:.9rem;color:var(--soft);text-decoration:none;border-bottom:2px solid transparent}
        nav a:hover,nav a:focus-visible,nav a.now{color:var(--ink);border-color:var(--accent)}
        section{margin:0 0 2.6rem}
        h2{margin:0;font-size:1.5rem;letter-spacing:-.012em;line-height:1.25}
        h3{margin:0;font-size:1.02rem;line-height:1.35}
        .lede{margin:.35rem 0 1rem;max-width:92ch;font-size:1.02rem}
        figcaption,.note{margin:.1rem 0 .7rem;color:var(--soft);font-size:.88rem;max-width:112ch}
        .notice{margin:1rem 0 0;padding:.7rem 1rem;border-left:4px solid var(--warning);background:var(--card);border-radius:4px}
        #overview{margin-top:1.1rem}
        .tiles{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.7rem;margin:0}
        .tile{background:var(--card);border:1px solid var(--line);border-top:3px solid var(--line);border-radius:8px;padding:.65rem .8rem .7rem;min-width:0}
        .tile dt i{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.tile dt{font-size:.8rem;color:var(--soft)}
        .tile dd{margin:0;font-size:clamp(1.3rem,5.4vw,1.75rem);font-weight:640;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
        .tile dd span{display:block;font-size:.8rem;font-weight:400;letter-spacing:0;color:var(--soft);line-height:1.35;overflow-wrap:anywhere}
        .tile.good{border-top-color:var(--good)}.tile.watch{border-top-color:var(--warning)}.tile.bad{border-top-color:var(--danger)}
        .grid{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
        .card{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.9rem 1rem;min-width:0}
        .half{display:flex;flex-direction:column}.plot{position:relative;min-height:270px;flex:1 0 auto}.tall .plot{min-height:430px}.plot canvas{position:absolute;inset:0}
        .views{display:flex;gap:.25rem;margin:0 0 .5rem}.views[hidden]{display:none}
        .views button{font:inherit;font-size:.83rem;padding:.22rem .7rem;border:1px solid var(--line);border-radius:99px;background:none;color:var(--soft);cursor:pointer}
        .views button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--card)}
        details{margin-top:.6rem}summary{cursor:pointer;color:var(--soft);font-size:.86rem;width:max-content;max-width:100%}
        details.source summary{font-size:1rem;color:var(--ink);font-weight:600}
        pre{overflow:auto;max-height:34rem;margin:.8rem 0 0;font:12.5px/1.5 ui-monospace,"Liberation Mono",Menlo,monospace;tab-size:4}
        .card ul{margin:.4rem 0 0;padding-left:1.2rem;font-size:.9rem}
        footer{padding:1rem 1rem 3rem;color:var(--soft);font-size:.83rem}
        a{color:var(--accent)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        .tables .plot,.tables .views{display:none}

        """

    private static let tables = """
        .scroll{overflow:auto;margin:.5rem -.2rem 0;position:relative;scrollbar-color:var(--soft) var(--grid);scrollbar-width:thin;
        background:linear-gradient(to right,var(--card) 40%,transparent) left/36px 100%,linear-gradient(to left,var(--card) 40%,transparent) right/36px 100%,
        linear-gradient(to right,var(--shade),transparent) left/14px 100%,linear-gradient(to left,var(--shade),transparent) right/14px 100%;
        background-repeat:no-repeat;background-attachment:local,local,scroll,scroll}
        .csv{margin:.35rem 0 0;font-size:.83rem}.cue{color:var(--soft);margin-left:.9rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        details .scroll{max-height:26rem}
        table{border-collapse:separate;border-spacing:0;font-size:.86rem;font-variant-numeric:tabular-nums;min-width:100%}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        th,td{padding:.32rem .6rem;text-align:left;border-bottom:1px solid var(--grid);vertical-align:top}
        td{white-space:nowrap}.n{text-align:right}
        thead th{position:sticky;top:0;z-index:1;background:var(--card);color:var(--soft);font-weight:550;vertical-align:bottom;border-bottom-color:var(--line);line-height:1.25}
        thead small{display:block;font-weight:400;white-space:nowrap}
        tbody th{font-weight:500;position:sticky;left:0;background:var(--card);min-width:7.6rem;max-width:17rem;overflow-wrap:break-word}
        tbody tr:hover>*{background:var(--bg)}
        .heat{min-width:0;width:100%;table-layout:fixed;border-spacing:2px;font-size:.75rem}
        .heat th,.heat td{border:0;padding:.34rem 0;text-align:center;border-radius:3px;white-space:nowrap;overflow:hidden}
        .heat thead th,.heat tbody th{position:static;background:none;color:var(--soft);font-weight:400;min-width:0;max-width:none}
        .heat th:first-child{width:2.1rem;text-align:left}.heat.wide{display:none}
        .heat tbody tr:hover>td{background:revert-layer}
        @media (max-width:639px){tbody th{max-width:9.5rem}th,td{padding:.32rem .45rem}}
        .minis{display:grid;grid-template-columns:minmax(0,1fr);gap:1.1rem}
        .heat.mini{border-spacing:1px}.heat.mini caption{position:static;width:auto;height:auto;clip-path:none;text-align:left;font-size:.86rem;padding-bottom:.2rem;overflow:visible}
        .heat.mini td{padding:0;height:1.05rem;font-size:0;border-radius:2px}.heat.mini tbody th{padding:0;font-size:.7rem;line-height:1.05rem}
        .heat.mini thead th{padding:0;font-size:.7rem;overflow:visible;text-align:left}
        .heat .h0,.scale .h0{background:var(--h0)}.heat .h1,.scale .h1{background:var(--h1)}.heat .h2,.scale .h2{background:var(--h2)}
        .heat .h3,.scale .h3{background:var(--h3)}.heat .h4,.scale .h4{background:var(--h4)}.heat .h5,.scale .h5{background:var(--h5)}
        .heat .h6,.scale .h6{background:var(--h6)}.heat .h7,.scale .h7{background:var(--h7)}.heat .h8,.scale .h8{background:var(--h8)}
        .heat .h9,.scale .h9{background:var(--h9)}
        .heat .h0,.heat .h1,.heat .h2,.heat .h3,.heat .h4,.heat .h5{color:var(--hlow)}
        .heat .h6,.heat .h7,.heat .h8,.heat .h9{color:var(--hhigh)}
        .scale{display:flex;align-items:center;gap:1px;margin-top:.7rem;font-size:.78rem;color:var(--soft)}
        .scale i{width:1.5rem;height:.6rem}.scale span{padding:0 .4rem}

        """

    private static let wide = """
        @media (min-width:640px){.tiles{grid-template-columns:repeat(4,minmax(0,1fr))}.minis{grid-template-columns:repeat(2,minmax(0,1fr))}
        .heat.wide{display:table}.heat.narrow{display:none}header,main,footer,nav>div{padding-left:1.5rem;padding-right:1.5rem}}
        @media (min-width:640px) and (max-width:899px){.tile dd{font-size:1.35rem}}
        @media (min-width:900px){.grid{grid-template-columns:repeat(2,minmax(0,1fr))}.grid>*{grid-column:1/-1}.grid>.half{grid-column:auto}
        .minis{grid-template-columns:repeat(3,minmax(0,1fr))}.card{padding:1.05rem 1.25rem}.plot{min-height:290px}}

        """

    /// The class `light` lays the page out as on paper while the charts are drawn for it.
    private static let paper = """
        .light body{width:700px;font-size:10.5pt}.light .grid{grid-template-columns:repeat(2,minmax(0,1fr))}.light .grid>*{grid-column:1/-1}
        .light .grid>.half{grid-column:auto}.light .card{padding:.6rem .7rem}.light .plot{flex:none;min-height:0;height:210px}.light .tall .plot{height:290px}
        .light header,.light main,.light footer{padding-left:0;padding-right:0}
        @page{margin:12mm}
        @media print{body{background:#fff;width:700px;font-size:10.5pt}nav,.skip,.views,.csv,details:not([open]),.source{display:none}
        header,main,footer{padding-left:0;padding-right:0}section{margin-bottom:1.4rem}
        .grid{grid-template-columns:repeat(2,minmax(0,1fr));gap:.6rem}.grid>*{grid-column:1/-1}.grid>.half{grid-column:auto}
        .card,.tile{break-inside:avoid;border-color:#ccc;padding:.6rem .7rem}.plot{flex:none;min-height:0;height:210px}.tall .plot{height:290px}
        h2,h3{break-after:avoid}.lede{break-inside:avoid;break-after:avoid;font-size:10.5pt}
        details .scroll{max-height:none}.scroll{overflow:visible}thead th,tbody th{position:static}
        table{font-size:7pt}th,td{padding:.16rem .3rem}tbody th{min-width:4rem}tr{break-inside:avoid}
        .heat{font-size:6.5pt}.heat.wide{display:table}.heat.narrow{display:none}.minis{grid-template-columns:repeat(3,minmax(0,1fr))}
        .tiles{grid-template-columns:repeat(4,minmax(0,1fr))}.tile dd{font-size:14pt}canvas{max-width:100%!important}
        .heat *,.scale i{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
        """
}
