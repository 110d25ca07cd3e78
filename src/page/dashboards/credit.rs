//! Unified credit: for each customer group its members, the one limit, what counts against it over time, and what is
//! left of it.

use super::super::address::Addresses;
use super::super::customers::dossier_href;
use super::super::dossier_page::title;
use super::super::html::Html;
use super::super::page::Desk;
use super::super::part::{Empty, Part, Shell};
use super::super::theme::Context;
use super::credit_chart::credit_chart;
use crate::dossier::Dossier;
use crate::reckoning::{Credit, CreditCourse, Limit, Moment, Money};
use crate::record::{Value, amount_text};
use crate::text::Phrase;
use jiff::civil::Date;
use serde::Serialize;

/// An account for each group of readers, of which a reader sees the one that was made of most.
pub fn credit(desk: &Desk<'_>, root: &str) -> Vec<Part> {
    let seen = crate::reckoning::credit(desk.archive);
    let accounts = seen.lay_out(|account| {
        Part::leaf(account.map(|all| {
            let groups: Vec<Laid> = all.iter().map(|credit| Laid::of(desk, credit, root)).collect();
            let day = desk.archive.day.to_string();
            desk.part("parts/credit.html", &Context::new().value("groups", &groups).text("day", &day))
        }))
    });
    let shell = Shell::element("div", &[("class", "first"), ("id", "credit-accounts")]);
    let note = Html::element("p", &[("class", "dashboard-note")], &desk.word("credit.note"));
    vec![Part::group(desk.said(shell), accounts.collect(), Empty::Keep), Part::leaf(desk.said(note))]
}

/// The way from a dossier's page to the credit of its group, for whoever may know that it belongs to one.
#[must_use]
pub fn credit_link(dossier: &Dossier, root: &str) -> Option<Part> {
    let page = format!("{root}{}index.html", Addresses::dashboard("credit"));
    dossier.field("group").map(|group| {
        Part::leaf(group.map(|group| {
            let at = format!("{page}#{}", super::super::address::href(&group_id(&group.value.plain("zh"))));
            let link = Html::element("a", &[("href", &at)], &Html::phrase(&group.value.phrase()));
            Html::element("li", &[], &link)
        }))
    })
}

fn group_id(name: &str) -> String {
    format!("credit/{}", name.replace(char::is_whitespace, "_"))
}

/// A customer or group as its template is given it.
#[derive(Serialize)]
struct Laid {
    id: String,
    title: Html,
    members: Vec<Html>,
    limits: Vec<LaidLimit>,
    /// Whether several limits count today.
    conflict: bool,
    /// Whether there are amounts in several currencies.
    mixed: bool,
    standings: Vec<LaidStanding>,
}

#[derive(Serialize)]
struct LaidLimit {
    link: Html,
    amount: Html,
    from: Html,
    until: Html,
    review: Html,
    used: Html,
    state: Html,
    counts: bool,
}

#[derive(Serialize)]
struct LaidStanding {
    currency: String,
    exposure: Html,
    limit: Option<Html>,
    headroom: Option<Html>,
    over: bool,
    /// In which months it was over, and by how much, the last one first.
    overs: Vec<Html>,
    /// The part of the limit that is used, as a picture.
    gauge: Option<Html>,
    said: bool,
    /// What the chart's areas stand for.
    names: Vec<Html>,
    chart: Option<Html>,
    rows: Vec<Vec<Html>>,
}

impl Laid {
    fn of(desk: &Desk<'_>, credit: &Credit<'_>, root: &str) -> Self {
        let today = desk.archive.day;
        let called: Vec<Phrase> = credit.members.iter().map(|member| called(member)).collect();
        let title = match called.first() {
            Some(name) if !credit.is_group => Html::phrase(name),
            _ => Html::text(&credit.name),
        };
        let members = credit.members.iter().zip(&called).map(|(member, name)| {
            Html::element("a", &[("href", &dossier_href(desk, member, root))], &Html::phrase(name))
        });
        Self {
            id: group_id(&credit.name),
            title,
            members: members.collect(),
            limits: credit.limits.iter().map(|limit| LaidLimit::of(desk, limit, root)).collect(),
            conflict: credit.counting(today).count() > 1,
            mixed: credit.standings.len() > 1,
            standings: credit.standings.iter().map(|standing| LaidStanding::of(desk, standing, &called)).collect(),
        }
    }
}

/// What a member is called, for whoever may know of the dossier.
fn called(dossier: &Dossier) -> Phrase {
    title(dossier).within(dossier.clearance()).cloned().unwrap_or_else(|| Phrase::one(dossier.name.as_ref()))
}

impl LaidLimit {
    fn of(desk: &Desk<'_>, limit: &Limit<'_>, root: &str) -> Self {
        let today = desk.archive.day;
        let state = match (limit.counts(today), limit.until) {
            (true, _) => "credit.counts",
            (false, Some(until)) if until < today => "credit.ended",
            (false, _) => "credit.to_come",
        };
        let name = limit.record.to_string();
        let at = desk.archive.names.get(&name).map(|target| desk.href(root, target)).unwrap_or_default();
        Self {
            link: Html::element("a", &[("href", &at)], &Html::phrase(limit.title)),
            amount: money(limit.amount),
            from: day(limit.from),
            until: limit.until.map_or_else(|| desk.word("credit.open_end"), |until| day(Some(until))),
            review: day(limit.review_by),
            used: limit.used.map(money).unwrap_or_default(),
            state: desk.word(state),
            counts: limit.counts(today),
        }
    }
}

impl LaidStanding {
    fn of(desk: &Desk<'_>, standing: &CreditCourse, names: &[Phrase]) -> Self {
        let currency = standing.currency.as_str();
        let of = |amount: i128| money(Money { amount, currency });
        let today = standing.today();
        let headroom = today.and_then(Moment::headroom);
        let exposure = today.map(Moment::exposure).unwrap_or_default();
        let limit = today.and_then(|today| today.limit);
        let amount = |amount: i128| {
            let text = Html::text(&amount_text(amount));
            if amount < 0 { Html::element("span", &[("class", "overdue")], &text) } else { text }
        };
        let row = |moment: &Moment| {
            let of_members = moment.of_members.iter().map(|one| amount(*one));
            // Where something counts and no limit does, the limit's place says so.
            let bare = moment.limit.is_none() && standing.over(moment).is_some();
            let none = || Html::element("span", &[("class", "overdue")], &desk.word("credit.no_limit"));
            let limit = if bare { none() } else { moment.limit.map(amount).unwrap_or_default() };
            let sums = [amount(moment.exposure()), limit, moment.headroom().map(amount).unwrap_or_default()];
            [day(Some(moment.day))].into_iter().chain(of_members).chain(sums).collect()
        };
        let over = |moment: &Moment| {
            let amount = in_words(Money { amount: standing.over(moment)?, currency });
            let key = if moment.limit.is_some() { "credit.over_in" } else { "credit.bare_in" };
            let month = moment.day.strftime("%Y-%m").to_string();
            Some(desk.theme.words().sentence(key, |name, language| match name {
                "amount" => Html::text(&amount.plain(language)),
                _ => Html::text(&month),
            }))
        };
        Self {
            currency: currency.to_owned(),
            exposure: of(exposure),
            limit: limit.map(of),
            headroom: headroom.map(of),
            over: headroom.is_some_and(|left| left < 0),
            overs: standing.course.iter().rev().filter_map(over).collect(),
            gauge: limit.map(|limit| gauge(exposure, limit)),
            said: today.is_some_and(|today| today.said.is_some()),
            names: names.iter().map(Html::phrase).collect(),
            chart: credit_chart(desk, standing, names),
            rows: standing.course.iter().rev().map(row).collect(),
        }
    }
}

/// How much of a limit is used, as a bar.
fn gauge(exposure: i128, limit: i128) -> Html {
    let thousandths = exposure.clamp(0, limit.max(0)).saturating_mul(1000).checked_div(limit).unwrap_or(1000);
    let class = if exposure > limit { "gauge-used gauge-over" } else { "gauge-used" };
    Html::made(format!(
        "<svg class=\"gauge\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"gauge-limit\" d=\"M0 0H1000V10H0Z\"/><path class=\"{class}\" d=\"M0 0H{thousandths}V10H0Z\"/></svg>"
    ))
}

fn in_words(money: Money<'_>) -> Value {
    Value::Money { amount: amount_text(money.amount).replace(',', ""), currency: money.currency.to_owned() }
}

fn money(money: Money<'_>) -> Html {
    let value = in_words(money);
    Html::both(&value.plain("zh"), &value.plain("en"))
}

fn day(day: Option<Date>) -> Html {
    let Some(text) = day.map(|day| day.to_string()) else { return Html::default() };
    Html::element("time", &[("datetime", &text)], &Html::text(&text))
}
