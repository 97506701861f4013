/// The page's script: turns the data beside each figure into a chart of Chart.js, and follows the colour scheme.
enum PageScript {
    static let source = #"""
        (() => {
        "use strict";
        const HOUR = 36e5, start = window.EVTWIN_START;
        const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        const number = new Intl.NumberFormat("en", {maximumSignificantDigits: 4});
        const two = n => String(n).padStart(2, "0");
        const date = h => new Date(start + Math.round(h * 3600) * 1e3);
        const clock = d => two(d.getUTCHours()) + ":" + two(d.getUTCMinutes());
        const dayMonth = d => d.getUTCDate() + " " + months[d.getUTCMonth()];
        const moment = h => { const d = date(h); return days[d.getUTCDay()] + " " + dayMonth(d) + " " + d.getUTCFullYear() + ", " + clock(d); };
        const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
        const alpha = (hex, a) => hex.length === 7 ? hex + Math.round(a * 255).toString(16).padStart(2, "0")
            : hex.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3") + Math.round(a * 255).toString(16).padStart(2, "0");

        // Ticks of a time axis: at round hours, midnights or firsts of months, as many as fit.
        function timeTicks(min, max, room) {
            const wanted = (max - min) / room, hours = [1, 2, 3, 6, 12, 24, 48, 72, 96, 168, 336].find(s => s >= wanted), ticks = [];
            if (hours) {
                const step = hours * HOUR, monday = 4 * 24 * HOUR, from = start + min * HOUR;
                for (let t = Math.ceil((from - monday) / step) * step + monday; t <= start + max * HOUR; t += step) ticks.push((t - start) / HOUR);
                return ticks;
            }
            const step = [1, 2, 3, 6, 12, 24, 60, 120].find(s => s * 730 >= wanted) || 240, d = date(min);
            for (let m = Math.ceil((d.getUTCFullYear() * 12 + d.getUTCMonth()) / step) * step; ; m += step) {
                const h = (Date.UTC(Math.floor(m / 12), m % 12) - start) / HOUR;
                if (h > max) return ticks;
                if (h >= min) ticks.push(h);
            }
        }
        function timeLabel(h, all) {
            const d = date(h), step = all.length > 1 ? all[1].value - all[0].value : 24;
            if (step < 24) return d.getUTCHours() ? clock(d) : days[d.getUTCDay()] + " " + dayMonth(d);
            if (step < 650) return dayMonth(d);
            return d.getUTCMonth() && h !== all[0].value ? months[d.getUTCMonth()] : months[d.getUTCMonth()] + " " + d.getUTCFullYear();
        }

        // A long label in two lines, cut in the middle where that is not enough.
        function inLines(label, width) {
            if (label.length <= width) return label;
            let cut = label.lastIndexOf(" ", width);
            if (cut < width / 3) cut = width;
            const rest = label.slice(cut).trim();
            return [label.slice(0, cut), rest.length <= width ? rest : rest.slice(0, width - 9) + "\u2026" + rest.slice(-8)];
        }

        function dataset(s, view, before) {
            const c = color(s.color), isXY = !view.labels;
            const xs = s.x || view.x;
            const set = {
                label: s.mark === "band" && before ? before.name + " \u2013 " + s.name.toLowerCase() : s.name,
                data: isXY ? s.v.map((y, i) => ({x: xs[i], y, name: s.names && s.names[i]})) : s.v,
                type: s.mark === "bar" ? "bar" : s.mark === "point" ? "scatter" : "line",
                borderColor: c, backgroundColor: c, pointRadius: 0, pointHoverRadius: 3, borderWidth: 2, borderJoinStyle: "round", tension: 0, spanGaps: false
            };
            if (s.v.length === 1 && s.mark !== "bar") set.pointRadius = 4;
            if (s.mark === "dashed") { set.borderDash = [5, 4]; set.borderWidth = 1.5; }
            if (s.mark === "area") { set.fill = view.stacked ? "stack" : "origin"; set.backgroundColor = alpha(c, view.stacked ? .75 : .16); set.borderWidth = view.stacked ? 1 : 1.5; }
            if (s.mark === "edge" || s.mark === "band") { set.borderWidth = 0; set.pointHoverRadius = 0; set.backgroundColor = alpha(c, .22); }
            if (s.mark === "band") set.fill = "-1";
            if (s.mark === "bar") { set.borderWidth = 0; set.borderRadius = 3; set.maxBarThickness = 34; set.categoryPercentage = .86; set.barPercentage = .92; }
            if (s.mark === "point") { set.pointRadius = s.r; set.pointHoverRadius = s.r; set.backgroundColor = alpha(c, .55); set.borderColor = alpha(c, .9); set.borderWidth = 1; }
            return set;
        }

        // Lines at values that matter, with their names.
        const limitLines = {
            id: "limitLines",
            afterDatasetsDraw(chart) {
                const {view} = chart.evtwin, area = chart.chartArea, g = chart.ctx;
                for (const [row, limit] of (view.limits || []).entries()) {
                    const scale = chart.scales[view.horizontal ? "x" : "y"], at = scale.getPixelForValue(limit.v);
                    if (view.horizontal ? at < area.left || at > area.right : at < area.top || at > area.bottom) continue;
                    g.save();
                    g.strokeStyle = g.fillStyle = color(limit.color);
                    g.setLineDash([6, 4]); g.lineWidth = 1.5;
                    g.beginPath();
                    if (view.horizontal) { g.moveTo(at, area.top); g.lineTo(at, area.bottom); } else { g.moveTo(area.left, at); g.lineTo(area.right, at); }
                    g.stroke();
                    g.font = "11px " + Chart.defaults.font.family;
                    g.textAlign = "right";
                    const text = limit.label + " " + number.format(limit.v);
                    if (view.horizontal) g.fillText(text, Math.min(area.right, at + g.measureText(text).width / 2), area.top - 5 - 14 * row);
                    else g.fillText(text, area.right - 2, at - 6);
                    g.restore();
                }
            }
        };

        function fitMap(chart) {
            const {view} = chart.evtwin, area = chart.chartArea;
            if (!view.map || !area || area.width < 10) return;
            const xs = view.series.flatMap(s => s.x), ys = view.series.flatMap(s => s.v);
            const reach = v => v.reduce((r, n) => [Math.min(r[0], n), Math.max(r[1], n)], [Infinity, -Infinity]);
            const [w, e] = reach(xs), [s, n] = reach(ys);
            const perLatitude = Math.min(area.height / Math.max(n - s, 1e-3), area.width / Math.max((e - w) * view.map, 1e-3)) * .92;
            const set = (axis, middle, half) => { axis.min = middle - half; axis.max = middle + half; };
            set(chart.options.scales.x, (w + e) / 2, area.width / 2 / perLatitude / view.map);
            set(chart.options.scales.y, (s + n) / 2, area.height / 2 / perLatitude);
            chart.update("none");
        }

        const counts = new Set(["sites", "transformers", "EVSEs", "sessions"]);
        function options(view, narrow) {
            const soft = color("soft"), grid = color("grid"), values = view.horizontal ? "x" : "y", bins = view.horizontal ? "y" : "x";
            const limits = (view.limits || []).map(l => l.v);
            const legendShown = view.series.filter(s => s.mark !== "edge").length > 1;
            const scales = {
                [values]: {
                    stacked: !!view.stacked, min: view.min, grid: {color: grid, drawBorder: false}, border: {display: false},
                    suggestedMax: Math.max(view.max || 0, ...limits.map(v => v * 1.02)) || undefined,
                    ticks: {color: soft, maxTicksLimit: 7, precision: counts.has(view.y) ? 0 : undefined, callback: v => number.format(v)},
                    title: {display: !!view.horizontal, text: view.y, color: soft}
                },
                [bins]: {
                    stacked: !!view.stacked, grid: {display: false, drawBorder: false}, border: {display: false},
                    ticks: {color: soft, maxRotation: 0, autoSkip: !view.horizontal, autoSkipPadding: 8}
                }
            };
            const x = scales.x;
            if (view.labels && view.labels[0] === "00:00") {
                const hours = narrow ? 6 : 3, perHour = view.labels.length / 24;
                x.afterBuildTicks = axis => { axis.ticks = axis.ticks.filter(t => t.value % (hours * perHour) === 0); };
                x.ticks.autoSkip = false;
            }
            if (view.horizontal) scales.y.ticks.callback = (v, i) => inLines(view.labels[i], narrow ? 18 : 26);
            if (!view.labels) {
                x.type = "linear"; x.offset = false;
                if (view.x.length) { x.min = view.x[0]; x.max = view.x[view.x.length - 1]; }
                if (view.time) {
                    x.afterBuildTicks = axis => { axis.ticks = timeTicks(axis.min, axis.max, Math.max(3, Math.floor(axis.width / 64))).map(value => ({value})); };
                    x.ticks = {color: soft, maxRotation: 0, autoSkip: false, callback: (v, i, all) => timeLabel(v, all)};
                    x.grid = {display: true, color: grid, drawBorder: false};
                } else { x.title = {display: true, text: view.xTitle, color: soft}; x.ticks.callback = v => number.format(v); }
            }
            if (view.map) { x.display = false; scales.y.display = false; }
            return {
                animation: false, responsive: true, maintainAspectRatio: false, indexAxis: view.horizontal ? "y" : "x", scales,
                layout: {padding: {right: 6, top: view.horizontal ? 4 + 14 * limits.length : 0}},
                interaction: view.map ? {mode: "nearest", intersect: true} : {mode: "index", intersect: false, axis: bins},
                onResize: chart => { if (view.map) setTimeout(() => fitMap(chart)); },
                plugins: {
                    legend: {
                        display: legendShown, align: "start", position: narrow && view.series.length > 6 ? "bottom" : "top",
                        labels: {color: soft, usePointStyle: true, pointStyle: view.map ? "circle" : "rectRounded", boxWidth: 9, boxHeight: 9, padding: 12, filter: item => view.series[item.datasetIndex].mark !== "edge"}
                    },
                    title: {display: !view.horizontal && !view.map, text: view.y, align: "start", color: soft, weight: 500, padding: {top: 0, bottom: 6}, font: {weight: "normal", size: 11.5}},
                    tooltip: {
                        backgroundColor: color("ink"), titleColor: color("card"), bodyColor: color("card"), padding: 9, boxPadding: 4, usePointStyle: true,
                        itemSort: view.stacked ? (a, b) => b.datasetIndex - a.datasetIndex : undefined,
                        callbacks: {
                            title: items => !items.length || view.map ? "" : view.time ? moment(items[0].parsed.x) : view.labels ? items[0].label : number.format(items[0].parsed.x) + " " + view.xTitle,
                            label: item => {
                                if (item.raw && item.raw.name) return item.raw.name;
                                const s = view.series[item.datasetIndex];
                                return s.name + ": " + number.format(item.parsed[values]) + " " + view.y;
                            },
                            labelColor: item => { const c = color(view.series[item.datasetIndex].color); return {borderColor: c, backgroundColor: c}; }
                        }
                    }
                }
            };
        }

        const figures = [];
        function draw(figure, index) {
            const view = figure.views[index], narrow = figure.plot.clientWidth < 520;
            figure.shown = index;
            if (figure.chart) figure.chart.destroy();
            const room = view.horizontal ? Math.max(150, view.labels.length * (view.labels.some(l => l.length > (narrow ? 18 : 26)) ? 34 : 27) + 74) : narrow && view.series.length > 6 && !view.map ? 290 + 20 * view.series.length : 0;
            figure.plot.style.minHeight = room ? room + "px" : "";
            const config = {data: {labels: view.labels, datasets: view.series.map((s, i) => dataset(s, view, view.series[i - 1]))}, options: options(view, narrow), plugins: [limitLines, {id: "evtwin", beforeInit: chart => { chart.evtwin = {view}; }}]};
            config.plugins.reverse();
            config.type = config.data.datasets[0].type;
            figure.chart = new Chart(figure.canvas, config);
            fitMap(figure.chart);
        }
        function buttons(figure) {
            if (figure.views.length < 2) return;
            figure.bar.hidden = false;
            figure.bar.setAttribute("role", "group");
            figure.bar.setAttribute("aria-label", "View");
            figure.views.forEach((view, index) => {
                const button = document.createElement("button");
                button.type = "button";
                button.textContent = view.name;
                button.setAttribute("aria-pressed", index === 0);
                button.addEventListener("click", () => {
                    for (const other of figure.bar.children) other.setAttribute("aria-pressed", other === button);
                    draw(figure, index);
                });
                figure.bar.append(button);
            });
        }
        const redraw = () => figures.forEach(figure => draw(figure, figure.shown));

        Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        Chart.defaults.font.size = 12;
        for (const element of document.querySelectorAll("figure > script")) {
            const box = element.parentElement, plot = box.querySelector(".plot");
            const figure = {views: JSON.parse(element.textContent), plot, canvas: plot.querySelector("canvas"), bar: box.querySelector(".views"), shown: 0};
            figures.push(figure);
            buttons(figure);
            draw(figure, 0);
        }
        // Says where a table goes on beyond its frame.
        function cues() {
            for (const box of document.querySelectorAll(".scroll")) {
                const line = box.nextElementSibling, isWide = box.scrollWidth > box.clientWidth + 2, old = line.querySelector(".cue");
                if (old) old.remove();
                if (!isWide || !box.clientWidth) continue;
                const cue = document.createElement("span");
                cue.className = "cue";
                cue.setAttribute("aria-hidden", "true");
                cue.textContent = "scroll sideways for all columns \u2192";
                line.append(cue);
            }
        }
        cues();
        addEventListener("resize", cues);
        for (const box of document.querySelectorAll("details")) box.addEventListener("toggle", cues);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
        addEventListener("beforeprint", () => { document.documentElement.classList.add("light"); redraw(); });
        addEventListener("afterprint", () => { document.documentElement.classList.remove("light"); redraw(); });

        const links = [...document.querySelectorAll("nav a")];
        const seen = new IntersectionObserver(entries => {
            for (const entry of entries) if (entry.isIntersecting) for (const a of links) a.classList.toggle("now", a.hash === "#" + entry.target.id);
        }, {rootMargin: "-20% 0px -70% 0px"});
        for (const section of document.querySelectorAll("main > section")) seen.observe(section);
        })();
        """#
}
