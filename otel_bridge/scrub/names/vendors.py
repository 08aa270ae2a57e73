"""Names of services that hand out keys: next to one of them a random string is a credential."""

TELLING_VENDORS = frozenset(
    """
    abbysale abstractapi abuseipdb abyssale accuweather adafruit adafruitio adobe adobeio adyen
    adzuna aerisweather aeroworkflow agora ahrefs aikido airbrake airbyte aircall airship
    airtable airvisual aiven akamai alchemy alconost alegra aletheiaapi algolia alibaba
    alienvault aliyun allsports alphavantage ambee amplitude amzn anthropic anypoint apacta
    api2cart apiary apideck apiflash apifonica apify apigee apilayer apimatic apiscience
    apitemplate appcenter appcues appdynamics appfollow appointedd appoptics appsflyer
    appsynergy apptivo appveyor arbiscan artifactory artsy asaas asana assemblyai atlassian
    audd auth0 authress authy autodesk autoklose avalara avaza aviationstack aweber awin
    axonaut aylien ayrshare backblaze bannerbear baremetrics baseapi basistheory beamer beebole
    besttime betterstack beyondtrust billomat binance bingmaps bitbar bitcoin bitcoinaverage
    bitfinex bitgo bitly bitmex bitrise bittrex blablabus blazemeter blitapp blockcypher
    blockfrost blogger bluesky blynk bombbomb boostnote borgbase braintree branchio brandfetch
    braze brevo brex brightdata browserbase browserless browserstack browshot bscscan buddyns
    bugherd bugsnag builderio buildkite buttercms caflou calendarific calendly calorieninja
    campayn cannyio canva capsulecrm captaindata carboninterface cashboard caspio censys
    centralstation centralstationcrm cerebras cexio chartmogul chatfuel chatgpt checkly
    checkmarket checkr checkvist circleci civo clarifai clearbit clerk clickatell clickhelp
    clickhouse clicksend clickup cliengo clientary clinchpad clockify clockwork clojars
    cloudant cloudconvert cloudelements cloudflare cloudimage cloudinary cloudmersive cloudplan
    cloudsight cloudsmith cloudways clustdoc codacy codeclimate codecov codemagic codequiry
    cohere coinapi coinbase coingecko coinlayer coinlib coinmarketcap cometchat commercejs
    companyhub composio conda configcat confluent contentful contentstack conversiontools
    convertapi convertkit copyscape coralogix couchbase countrylayer coveralls craftmyapp
    crossbrowsertesting crossmint crowdin crowdstrike cryptocompare currencycloud
    currencyfreaks currencylayer currencyscoop currentsapi customerguru customerio cyberark
    d7network dailyco dandelion dareboost databox databricks datadog datafire datagov dataset
    debounce deepai deepgram deepinfra deepl deepseek delighted delinea demio descope detectify
    detectlanguage dfuse diffbot diggernaut digitalocean discogs discord discourse disqus
    dnscheck dockerhub docparser documo docusign doppler dotdigital dotmailer dovico dreamhost
    dribbble dronahq droneci dropbox dropboxsign duffel dwolla dynalist dynatrace dyspatch
    eagleeyenetworks easyinsight easypost ecostruxure edamam edenai eightxeight elasticcloud
    elasticemail elasticpath elevenlabs emailoctopus enablex endorlabs envoyapi equinix
    etherscan ethplorer etsy eventbrite everhour eversign exchangerate exchangeratesapi
    exportsdk extractorapi facebook faceplusplus fakejson fastforex fastly fastspring feedier
    feedly fetchrss fibery figma figshare fileio finage financialmodelingprep findl finicity
    finnhub firecrawl fixerio flagsmith flatio fleetbase flexport flickr flightapi flightlabs
    flightstats flowdash flowdock flowflu flowroot flutterwave fluxguard flyio fmfw forgerock
    formbucket formcraft formio formsite foursquare frameio freshbooks freshdesk freshworks
    frontegg fulcrum fullcontact fullstory fusebill fusionauth fxmarket gainsight gcp
    geckoboard gemini gengo geoapify geocode geocodify geocodio geoipifi getemail getgeoapi
    getgist getresponse getsandbox giphy gitbook gitter glassnode glitterlyapi gocanvas
    gocardless godaddy goodday goshippo gosquared grafana graphcms graphhopper groovehq groq
    gtmetrix guardianapi gumroad gyazo hanko happyscribe hasura helicone hellosign helpcrunch
    helpscout hereapi heroku hetzner hitbtc hiveage holidayapi honeycomb hostinger html2pdf
    hubspot huggingface hybiscus hypeauditor hypertrack ibmcloud iconfinder iexapis iexcloud
    imagekit imagga infobip infracost infura insightly instabot instagram instamojo interseller
    intrinio invoiceocean ip2location ipapi ipdata ipgeolocation ipify ipinfo ipinfodb
    ipquality ipregistry ipstack iterable jenkins jfrog jina jira jotform jsonbin jumpcloud
    jumpseller juro jwplayer kagi kairos kakao kaleyra kanban karmacrm keenio keycdn keycloak
    keygen kickbox kinde kinsta kiteconnect klaviyo klipfolio knapsack knapsackpro kontent
    kraken kubeconfig kucoin kylas langbase langchain langfuse langsmith languagelayer lastfm
    launchdarkly leadfeeder leaseweb lemlist lemonsqueezy lendflow lessannoying lessannoyingcrm
    lexigram lichess linemessaging linenotify linkedin linkpreview linode liveagent livekit
    livestorm loadmill lob localytics locationiq logdna logfire loggly loginradius logto logz
    lokalise loopio loyverse lunchmoney luno m3o macaddress madkudu magento magicbell
    mailboxlayer mailchimp mailerlite mailersend mailgun mailjet mailmodo mailosaur mailsac
    mandrill mapbox mapquest marketo marketstack mastodon mattermost mavenlink maxmind
    meaningcloud mediastack meistertask mem0 meraki mercadopago mergify mesibo messagebird
    messari metaapi metabase metrilo midise mindmeister miro mistral mixcloud mixmax mixpanel
    mockaroo mollie mongodb monkeylearn moonclerk moosend moralis mrticktock myfreshworks
    myintervals nansen nasdaq nasdaqdatalink netbird netcore nethunt netlify netsuite neutrino
    neutrinoapi newrelic newsapi newscatcher nexmo nftport ngrok nicehash nicereply nightfall
    nightscout nordigen noticeable nozbe nozbeteams nugetapi numverify nutritionix nvidia nylas
    nytimes oanda ocrspace octopus okta okteto okx olark omnisend onbuka onedesk onelogin
    onepagecrm onesignal onfido onfleet onwaterio oopspam openai opencage opendatasoft
    opengraphr openrouter openuv openvpn openvsx openweather openweathermap opsgenie optidash
    optimizely outreach overloop owlbot oxylabs packagecloud paddle pagarme pagerduty pandadoc
    pandascore pangea paperform papyrs paralleldots parsehub parseur partnerstack passbase
    pastebin patreon paydirt paydirtapp paymo paymoapp paymongo paypal paystack pdflayer
    pdfshift peopledatalabs pepipost permitio perplexity pexels phantombuster pinata pinecone
    pingdom pinterest pipedream pipedrive pivotaltracker pixabay plaid planetscale planview
    planviewleankit planyo plivo podio poloniex polygonscan polymarket portainer portkey
    positionstack postageapi postageapp posthog postman postmark powrbot prerender printfection
    printify processst prodpad propelauth prospectcrm prospectio protocolsio proxycrawl pubnub
    pulsedive pulumi purestake pushbullet pusher pushover qase qdrant qovery qualaroo qualtrics
    qualys qubole questionpro quickbase quickbooks quickmetrics quicknode rabbitmq rapid7
    rapidapi rawg razorpay reachmail readwise rebrandly recaptcha rechargepayments recurly
    reddit refiner rentman repairshopr replicate replyio requestfinance resend restpack retool
    revampcrm ringcentral riotgames ritekit rocketreach rockset rollbar roninapp rootly rosette
    route4me rownd rubrik rubygems runpod runrunit saladcloud salesblink salescookie salesflare
    salesforce salesloft salesmate samsara sanbase satismeter sauce saucelabs scaleway scalingo
    scalr scrapeowl scraperapi scraperbox scrapersite scrapestack scrapfly scrapingant
    scrapingbee scrapingbot scrapingdog screenshotapi screenshotlayer scribd scrutinizer
    securitytrails segmentio selectpdf sellfy semaphore semgrep semrush sendbird sendgrid
    sendinblue sendlane sendoso sendpulse sentry sentrydsn serpapi serphouse serpstack sheety
    sherpadesk shipday shipengine shippo shodan shopeeopenplatform shopify shotstack
    shutterstock signable signalwire signaturit signiant signupgenius sigopt simfin simplesat
    simplybook simplynoted simvoly sinch sindri sirv siteleaf skrappio skybiometry smartsheet
    smartystreets smooch smsapi snapchat snipcart snowflake snowtrace snyk solarwinds
    sonarcloud sonarqube sophos sourcegraph sparkpost spectralops speechtext splitio splunk
    spoonacular sportradar sportsmonk spotify spotinst squarespace squareup ssllabs sslmate
    statsd statsig statuscake statuspage statuspal stitchdata stockdata storecove stormglass
    storyblok storychief strava streakcrm stripe stripo stytch sugester sumologic supabase
    supernotes supertokens surveyanyplace surveybot surveysparrow survicate svix swarmia
    swiftype tailscale tallyfy tatum tatumio tavily taxjar teamcity teamgate teamviewer
    teamwork technicalanalysis tefter telegram telesign teletype telnyx tenable tencent
    terraform testingbot testrail text2data textmagic theoddsapi thinkific thousandeyes
    thunderstore thycotic ticketmaster tickettailor tiingo tiktok timecamp timezoneapi tines
    tineswebhook tinybird tmetric todoist togetherai toggl tokeet tomorrowio tomtom tradier
    transferwise travelpayouts travis travisci trello trimble tripadvisor tronscan turso
    twelvedata twilio twitch twitter tyntec typeform typetalk ubidots uclassify unifyid unkey
    unleash unplugg unsplash upcdatabase uplead uploadcare upstash uptimerobot uptrace upwave
    urlscan userflow userstack vagrantcloud vastai vatlayer vbout vectara veevavault venafi
    vercel verimail veriphone versioneye viewneo vimeo virustotal visualcrossing voiceflow
    voicegain volcengine vonage voodoosms vouchery voyageai vpnapi vultr vyte wakatime
    walkscore wandb weatherbit weatherstack weaviate web3storage webengage webex webflow
    webhookrelay webscraper webscraping wechat weightsandbiases wepay whoxy wistia wolfram
    wolframalpha woocommerce woopra wordpress workable workato workday workos worksnaps
    workstack worldcoinindex worldweather wpengine wrike xai xendit xero yandex yelp yext ynab
    yotpo youneedabudget yousign youtrack zapier zeabur zendesk zenkit zenrows zenscrape
    zenserp zeplin zerobounce zerotier zilliz zillow zipapi zipbooks zipcodeapi zoho zonka
    zonkafeedback zoominfo zulip zulipchat zuplo
    """.split()  # noqa: SIM905 (one name a line would be seven hundred lines)
)
"""Names that stand for a service wherever they are read."""

COMMON_VENDORS = frozenset(
    """
    ably amazon asana aws azure bitbucket bitwarden branch bubble cisco copper courier docker
    drift drone elastic gitea github gitlab gong google guru hive ibm intercom kubernetes
    linear looker microsoft modal monday mux n8n neon neptune notion npm nuget oracle orbit
    particle persona polar polygon prefect prisma pypi readme sanity segment shortcut slack
    square surge temporal twist vellum voyage wiz youtube zoom
    """.split()  # noqa: SIM905 (one name a line would be seven hundred lines)
)
"""Names that are in every second address, or are everyday words: they say less."""

VENDORS = TELLING_VENDORS | COMMON_VENDORS
