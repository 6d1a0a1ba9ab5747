use incidents_client::apis::{configuration::Configuration, incidents_api::list_incidents};
use incidents_client::models::{ListIncidentsRequestBody, ListIncidentsResponseBodyData};
use reqwest::header::{HeaderMap, HeaderValue};
use std::{collections::HashSet, env, error::Error, fs};

type Outcome<T> = Result<T, Box<dyn Error>>;

async fn list(service: &Configuration, body: ListIncidentsRequestBody) -> Outcome<ListIncidentsResponseBodyData> {
    let answer = list_incidents(service, Some(body)).await?;
    Ok(*answer.data.flatten().ok_or("the answer has no data")?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let headers = HeaderMap::from_iter([("x-auth-token".parse()?, HeaderValue::from_str(&env::var("COC_AUTH_TOKEN")?)?)]);
    let client = reqwest::Client::builder().default_headers(headers).build()?;
    let service = Configuration { base_path: env::var("COC_ENDPOINT")?, client, ..Configuration::default() };

    let example = list(&service, serde_json::from_str(&fs::read_to_string(env::var("COC_EXAMPLE")?)?)?).await?;
    let mut ids = HashSet::new();
    for page in 1..=2 {
        let query = ListIncidentsRequestBody { page: Some(page), per_page: Some(100), ..Default::default() };
        ids.extend(list(&service, query).await?.tickets.unwrap_or_default().into_iter().map(|ticket| ticket.ticket_id));
    }
    if example.tickets.unwrap_or_default().is_empty() || ids.len() != 200 {
        return Err(format!("wrong answer: {} tickets on two pages", ids.len()).into());
    }
    println!("{} tickets like the example", example.total.unwrap_or_default());
    Ok(())
}
