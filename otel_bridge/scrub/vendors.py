"""Names of services that hand out keys: next to one of them a random string is a credential."""

TELLING_VENDORS = frozenset(
    """
    abstractapi abuseipdb abyssale accuweather adafruit adobe adyen agora ahrefs aikido
    airbrake airbyte aircall airship airtable aiven akamai alchemy algolia alibaba aliyun
    amplitude amzn anthropic anypoint apify apigee apilayer apimatic apitemplate appcenter
    appcues appdynamics appfollow appoptics appsflyer appveyor arbiscan artifactory asana
    assemblyai atlassian audd auth0 authy autodesk aviationstack aweber awin ayrshare backblaze
    baremetrics beamer beebole betterstack beyondtrust binance bitbar bitcoin bitfinex bitly
    bitmex bitrise bittrex blazemeter blockcypher blockfrost blogger bluesky bombbomb braintree
    brandfetch braze brevo brex brightdata browserbase browserless browserstack browshot
    bscscan bugherd bugsnag buildkite buttercms calendarific calendly captaindata censys
    centralstation chartmogul chatfuel checkly checkr circleci clarifai clearbit clerk
    clickatell clickhelp clickhouse clicksend clickup clockify clockwork cloudant cloudconvert
    cloudelements cloudflare cloudimage cloudinary cloudmersive cloudsight cloudsmith cloudways
    codacy codeclimate codecov codemagic codequiry cohere coinapi coinbase coingecko coinlayer
    coinlib coinmarketcap conda confluent contentful contentstack convertapi convertkit
    copyscape coralogix couchbase countrylayer coveralls craftmyapp crowdin crowdstrike
    cryptocompare currencycloud currencyfreaks currencylayer customerguru customerio cyberark
    dailyco dandelion databox databricks datadog datafire datagov dataset deepai deepgram
    deepinfra deepl deepseek delighted delinea demio descope detectify detectlanguage dfuse
    diffbot diggernaut digitalocean discogs discord discourse disqus dnscheck dockerhub
    docparser documo docusign doppler dotdigital dotmailer dovico dreamhost dribbble dropbox
    duffel dwolla dynalist dynatrace dyspatch eagleeyenetworks easyinsight easypost ecostruxure
    edamam edenai elevenlabs enablex endorlabs equinix etherscan ethplorer etsy eventbrite
    everhour exchangerate facebook faceplusplus fastforex fastly feedly fetchrss fibery figma
    fileio finage financialmodelingprep findl finicity finnhub fixerio fleetbase flexport
    flickr flightlabs flightstats flowflu flowroot fluxguard flyio forgerock formbucket
    formcraft formio formsite foursquare frameio freshbooks freshdesk freshworks frontegg
    fulcrum fullstory fusebill fusionauth fxmarket gainsight gcp geckoboard gemini geoapify
    geocode geocodify geocodio getgist getresponse getsandbox gitter glassnode gocanvas
    gocardless godaddy goodday grafana graphcms graphhopper groovehq groq gtmetrix gumroad
    gyazo hanko happyscribe helpcrunch helpscout hereapi heroku hetzner hiveage holidayapi
    honeycomb html2pdf hubspot huggingface hypertrack iconfinder iexapis iexcloud imagekit
    imagga infobip infracost infura insightly instabot instagram instamojo interseller intrinio
    invoiceocean ip2location ipapi ipdata ipgeolocation ipify ipinfo ipinfodb ipquality ipstack
    jenkins jfrog jina jira jotform jumpcloud jumpseller juro kakao kaleyra kanban keycdn
    keycloak keygen kickbox kinde kinsta klaviyo klipfolio knapsack kontent kraken kubeconfig
    kucoin kylas langchain languagelayer lastfm launchdarkly leadfeeder lemlist lemonsqueezy
    lendflow lessannoying lexigram lichess linemessaging linenotify linkedin linkpreview linode
    liveagent livestorm loadmill lob localytics logdna loggly logto logz lokalise loyverse
    lunchmoney luno madkudu magento magicbell mailboxlayer mailchimp mailerlite mailgun mailjet
    mailmodo mailosaur mailsac mandrill mapbox mapquest marketo marketstack mastodon mattermost
    mavenlink maxmind mediastack meistertask meraki mercadopago mesibo messagebird messari
    metabase metrilo midise mindmeister mistral mixmax mixpanel mockaroo mongodb monkeylearn
    moonclerk moosend moralis mrticktock nansen nasdaq netlify netsuite neutrino newrelic
    newsapi newscatcher nexmo nftport ngrok nicereply noticeable nozbe nugetapi numverify
    nutritionix nvidia nylas nytimes oanda octopus okta okx olark omnisend onbuka onedesk
    onelogin onepagecrm onesignal onfleet oopspam openai opencage openrouter openuv openvpn
    openweather openweathermap opsgenie optidash optimizely outreach overloop owlbot oxylabs
    packagecloud pagarme pagerduty pandadoc pandascore paperform paralleldots parseur
    partnerstack pastebin paydirt paymo paymongo paypal paystack pdflayer pdfshift
    peopledatalabs pepipost perplexity pexels phantombuster pinata pinecone pinterest pipedream
    pipedrive pivotaltracker pixabay plaid planetscale planview planyo plivo podio poloniex
    polygonscan positionstack postageapi posthog postman postmark powrbot prodpad propelauth
    prospectcrm prospectio proxycrawl pubnub pulumi purestake pushbullet pusher pushover qase
    qualaroo qualtrics qualys qubole questionpro quickbooks quicknode rabbitmq rapid7 rapidapi
    rawg razorpay reachmail rebrandly recaptcha rechargepayments recurly reddit refiner rentman
    repairshopr replicate replyio requestfinance resend restpack ringcentral ritekit
    rocketreach rollbar rownd rubrik rubygems runrunit salescookie salesflare salesforce
    salesloft salesmate samsara satismeter sauce saucelabs scaleway scalingo scalr scrapeowl
    scraperapi scraperbox scrapestack scrapfly scrapingant scrapingbee screenshotapi
    screenshotlayer scribd securitytrails selectpdf semaphore semrush sendbird sendgrid
    sendinblue sendpulse sentry serpapi serphouse serpstack sheety shipday shipengine shippo
    shodan shopify shotstack shutterstock signable signalwire signaturit signiant sigopt simfin
    simplesat simvoly sinch sirv siteleaf skybiometry smartsheet smartystreets smooch smsapi
    snapchat snipcart snowflake snowtrace snyk solarwinds sonarcloud sonarqube sophos
    sourcegraph sparkpost spectralops splunk spoonacular sportradar sportsmonk spotify
    squarespace squareup ssllabs statsig statuscake statuspage statuspal stitchdata stockdata
    storecove stormglass storyblok storychief strava stripe stripo stytch sumologic supabase
    supernotes supertokens surveyanyplace surveybot surveysparrow survicate swiftype tailscale
    tallyfy tatum taxjar teamgate teamviewer teamwork tefter telegram telnyx tenable tencent
    terraform testingbot testrail textmagic thinkific thousandeyes thycotic ticketmaster tiingo
    tiktok timezoneapi tineswebhook todoist toggl tomtom tradier transferwise travelpayouts
    travis trello tripadvisor tronscan twelvedata twilio twitch twitter tyntec typeform
    typetalk ubidots uclassify unplugg unsplash uplead uploadcare uptimerobot upwave urlscan
    userflow userstack vatlayer vbout vercel verimail veriphone versioneye viewneo vimeo
    virustotal visualcrossing voicegain vonage voodoosms vouchery vpnapi vultr vyte wakatime
    walkscore wandb weatherbit weatherstack webex webflow webhookrelay webscraper webscraping
    whoxy wolfram wolframalpha woocommerce workable workato workday workos worksnaps workstack
    wrike xai xero yandex yelp ynab zapier zendesk zenkit zenrows zenscrape zenserp zeplin
    zerobounce zerotier zillow zipapi zipbooks zipcodeapi zoho zonka zoominfo zulip zuplo
    """.split()  # noqa: SIM905 (one name a line would be seven hundred lines)
)
"""Names that stand for a service wherever they are read."""

COMMON_VENDORS = frozenset(
    """
    ably amazon aws azure bitbucket cisco docker drift drone elastic gitea github gitlab gong
    google ibm intercom kubernetes linear looker microsoft monday mux n8n neon neptune notion
    npm oracle persona prefect readme segment slack square twist youtube zoom
    """.split()  # noqa: SIM905 (one name a line would be seven hundred lines)
)
"""Names that are in every second address, or are everyday words: they say less."""

VENDORS = TELLING_VENDORS | COMMON_VENDORS
